"""Where things are in the repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

UPSTREAM = ROOT / "openapi" / "upstream.json"
PROVENANCE = ROOT / "openapi" / "upstream.toml"
OVERLAY = ROOT / "openapi" / "overlay.yaml"
EFFECTIVE = ROOT / "openapi" / "effective.json"
TEMPLATES = ROOT / "openapi" / "templates"
RUNTIME = ROOT / "scripts" / "runtime"
SETTINGS = ROOT / "openapi" / "generator.yaml"
# The mock is installed without this repository, so it carries the document with it.
EMBEDDED = ROOT / "contract_tests" / "mock" / "novapost_mock" / "effective.json"
CLIENT = ROOT / "generated" / "novapost_client"
# What `make drift` holds things against: the pages as they were recorded, the rules with their sentences,
# and the findings that are known.
PAGES = ROOT / "openapi" / "pages.toml"
RULES = ROOT / "openapi" / "rules.toml"
ACCEPTED = ROOT / "openapi" / "drift-accepted.toml"
# The tests of the contract: those of any document, and those of Nova Post's rules.
ANY_API = ROOT / "contract_tests" / "any_api"
NOVAPOST = ROOT / "contract_tests" / "novapost"
CONTRACT = (ANY_API, NOVAPOST)
CHANGELOG = ROOT / "CHANGELOG.md"
