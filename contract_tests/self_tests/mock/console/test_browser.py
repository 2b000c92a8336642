"""The console in a real browser: every button, in both languages, wide and narrow."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver.common.keys import Keys

from contract_tests.self_tests.support.browser import Browser, browsing
from contract_tests.self_tests.support.browser_installed import AXE, IS_THERE, MISSING
from contract_tests.self_tests.support.mock_process import Started, started
from novapost_mock.console.rendering import PAGES
from novapost_mock.console.texts import Texts, texts_of

if not IS_THERE:
    pytest.skip(MISSING, allow_module_level=True)

PHONE = "498213437654"
OTHER = "4915112345678"
SIZES = {"wide": 1200, "narrow": 360}


@pytest.fixture(scope="module")
def served() -> Iterator[Started]:
    with started() as mock:
        yield mock


@pytest.fixture(scope="module")
def opened(served: Started, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(served.control, tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(opened: Browser, served: Started) -> Iterator[Browser]:
    """Yield the browser before a mock in its first state, and check at the end that it has no complaint."""
    served.steer("POST", "reset")
    opened.resize(SIZES["wide"])
    opened.requested.clear()
    opened.complaints.clear()
    yield opened
    opened.look()
    assert [
        each for each in opened.complaints if "the server responded with a status of 400" not in each
    ] == []
    assert opened.requested != []
    assert opened.elsewhere() == []


@pytest.fixture(params=["uk", "en"])
def t(request: pytest.FixtureRequest, browser: Browser) -> Texts:
    """Return the texts of a language, after the page was switched to it."""
    language = str(request.param)
    browser.open()
    browser.follow(f".languages a[lang={language}]")
    assert browser.one("html").get_attribute("lang") == language
    return texts_of(language)


def steered(served: Started, path: str) -> Any:
    return served.steer("GET", path)[1]


def test_a_key_and_a_jwt_come_in_four_clicks(browser: Browser, t: Texts) -> None:
    """Get, copy, get, copy: the key is shown until it is copied, the JWT only to who asks to see it."""
    browser.open()
    browser.press(t("key.get"))
    key = browser.one("#api-key").text
    assert len(key) == 40
    browser.press(t("copy.do"))
    browser.wait(lambda: browser.one(".told").text == t("copy.done"))
    assert browser.one("#api-key").text == f"{key[:4]}****"
    browser.press(t("jwt.get"))
    shown = browser.one("#jwt").text
    assert re.fullmatch(r"eyJ.\*{4}", shown)
    jwt = browser.one("#jwt-value").get_attribute("textContent")
    assert not browser.one("#jwt-value").is_displayed()
    browser.one("details.ask summary").click()
    assert browser.one("#jwt-value").text == jwt
    left = browser.one("#left").text
    assert left in ("60:00", "59:59", "59:58")
    browser.wait(lambda: browser.one("#left").text < "59:58")
    browser.press(t("copy.do"))
    browser.wait(lambda: browser.one(".told").text == t("copy.done"))
    browser.press(t("jwt.again"))
    assert browser.one("#jwt-value").get_attribute("textContent") != jwt
    browser.follow("main p a")
    assert browser.one("h1").text == t("key.title")
    assert key not in browser.driver.page_source


def test_what_was_copied_is_the_key(browser: Browser) -> None:
    """Also where the page is not on this machine and the browser has no clipboard for it: by the old way."""
    browser.driver.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    for has_clipboard in (True, False):
        browser.open("?lang=en")
        browser.press("Get a key")
        key = browser.one("#api-key").text
        if not has_clipboard:
            browser.driver.execute_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
        browser.press("Copy")
        browser.wait(lambda: browser.one(".told").text == "Copied.")
        copied = browser.driver.execute_async_script(
            "navigator.clipboard.readText().then(arguments[arguments.length - 1])"
        )
        assert copied == key
    browser.driver.execute_script("document.querySelector('[data-copy=api-key]').click()")
    browser.press("Get a JWT")
    jwt = browser.one("#jwt-value").get_attribute("textContent")
    browser.press("Copy")
    browser.wait(lambda: browser.one(".told").text == "Copied.")
    copied = browser.driver.execute_async_script(
        "navigator.clipboard.readText().then(arguments[arguments.length - 1])"
    )
    assert copied == jwt
    assert str(jwt).startswith("eyJ")


def test_errors_lead_on(browser: Browser, t: Texts) -> None:
    """Register and ask again, leave one client, go over midnight, disarm."""
    browser.open()
    browser.fill("phone", OTHER)
    browser.press(t("key.get"))
    assert "404" in browser.text()
    assert t("hint.registered-phone.404") in browser.text()
    browser.press(t("do.register"))
    old = browser.one("#api-key").text
    httpx.put(f"{browser.base}clients/{OTHER}", json={"matches": 2})
    browser.press(t("key.get"))
    assert t("hint.registered-phone.409") in browser.text()
    browser.press(t("do.one"))
    assert browser.one("#api-key").text == old
    httpx.post(f"{browser.base}cleanup", json={"phone": OTHER})
    browser.press(t("key.get"))
    assert t("limit.ends") in browser.text()
    browser.press(t("do.midnight"))
    assert browser.one("#api-key").text != old
    httpx.put(f"{browser.base}faults", json=[{"kind": "html"}])
    browser.press(t("key.get"))
    assert t("hint.fault", fault="html") in browser.text()
    browser.press(t("do.disarm"))
    assert browser.one("#api-key").text


def test_keys_expire_and_are_cleaned_up(browser: Browser, t: Texts, served: Started) -> None:
    """Each button of the list."""
    served.ask(PHONE)
    browser.open("console/keys")
    assert t("status.active") in browser.text()
    browser.press(t("jwt.get"))
    assert browser.one("#jwt").text.startswith("eyJ")
    browser.open("console/keys")
    browser.press(t("keys.expire"))
    assert t("did.expired") in browser.text()
    assert t("status.deactivated") in browser.text()
    browser.press(t("keys.clean"))
    assert t("keys.empty") in browser.text()
    assert steered(served, "keys") == {"keys": []}


def test_clients_come_and_go(browser: Browser, t: Texts, served: Started) -> None:
    """Register, make ambiguous, make unique, unregister, start over."""
    browser.open("console/clients")
    for label in ("clients.unregister", "reset.do"):
        if label == "reset.do":
            assert not browser.one("details.ask form").is_displayed()  # it asks first
            browser.one("details.ask summary").click()
        browser.press(t(label))
        assert steered(served, "clients")["clients"] == (
            [] if label == "clients.unregister" else registered(PHONE)
        )
    browser.fill("phone", OTHER)
    browser.press(t("clients.register"))
    assert steered(served, "clients")["clients"] == registered(OTHER, PHONE)
    browser.press(t("clients.make.ambiguous"))
    assert steered(served, f"clients/{OTHER}")["matches"] == 2
    browser.press(t("clients.make.one"))
    assert steered(served, f"clients/{OTHER}")["matches"] == 1


def registered(*phones: str) -> list[dict[str, Any]]:
    return [{"phone": phone, "matches": 1} for phone in phones]


def test_the_clock_moves(browser: Browser, t: Texts, served: Started) -> None:
    """A day on, over midnight, past expiry, a moment, and back to now."""

    def ahead() -> timedelta:
        return datetime.fromisoformat(steered(served, "clock")["now"]) - datetime.now(UTC)

    served.ask(PHONE)
    browser.open("console/clock")
    browser.press(t("clock.day"))
    assert timedelta(hours=23) < ahead() < timedelta(hours=25)
    before = ahead()
    browser.press(t("clock.midnight"))
    assert before < ahead() < timedelta(hours=49)
    browser.press(t("clock.expiry"))
    assert timedelta(days=364) < ahead() < timedelta(days=368)
    assert t("clock.expiry.none") in browser.text()
    browser.press(t("clock.real"))
    assert abs(ahead()) < timedelta(minutes=1)
    browser.fill("moment", "2030-01-01T10:00:00Z")
    browser.press(t("clock.set"))
    assert "2030-01-01 10:0" in browser.text()


def test_faults_are_armed_and_disarmed(browser: Browser, t: Texts, served: Started) -> None:
    """Every field of the form, and both ways to disarm."""
    browser.open("console/faults")
    for name, value in (
        *(("kind", "status"), ("operation", "createTestApiKey"), ("status", "429")),
        *(("times", "3"), ("on_call", "2")),
    ):
        browser.fill(name, value)
    browser.press(t("faults.arm"))
    browser.fill("kind", "html")
    browser.press(t("faults.arm"))
    (first, second) = steered(served, "faults")["faults"]
    assert (
        first.items()
        >= {
            "operation": "createTestApiKey",
            "status": 429,
            "times": 3,
            "on_call": 2,
        }.items()
    )
    assert second["body"] == "html"
    browser.fill("kind", "delay")
    browser.fill("delay_seconds", "-1")
    browser.press(t("faults.arm"))
    assert t("refused.delay_seconds", most="600") in browser.text()
    assert browser.one("#delay_seconds").get_attribute("aria-invalid") == "true"
    browser.fill("kind", "status")
    browser.fill("status", "99")
    browser.press(t("faults.arm"))
    assert t("refused.status") in browser.text()
    assert browser.one("#status").get_attribute("value") == "99"
    browser.press(t("faults.disarm"))
    assert len(steered(served, "faults")["faults"]) == 1
    browser.press(t("faults.disarm.all"))
    assert steered(served, "faults") == {"faults": []}


def test_the_journal_lives(browser: Browser, t: Texts, served: Started) -> None:
    """New entries come on top while what is open stays open; they can be paused and cleared."""
    served.ask(PHONE)
    browser.open("console/journal")
    browser.one("summary").click()
    assert "curl -X POST" in browser.text()
    assert t("rule.one-active") in browser.text()
    served.ask("+1")
    browser.wait(lambda: len(browser.all(".entries li")) == 2)
    browser.wait(lambda: [each.get_attribute("open") for each in browser.all("details")] == [None, "true"])
    browser.wait(lambda: "phone-format" in browser.all("summary")[0].text)
    live = browser.one("#live")
    live.click()
    assert live.get_attribute("aria-pressed") == "false"
    live.click()
    served.steer("DELETE", "journal")
    browser.wait(lambda: browser.all("#none") and browser.one("#none").is_displayed())
    served.ask(PHONE)
    browser.wait(lambda: len(browser.all(".entries li")) == 1)
    browser.press(t("journal.clear"))
    assert t("did.cleared") in browser.text()


def test_the_journal_is_searched_and_an_exchange_copied(browser: Browser, t: Texts, served: Started) -> None:
    """What comes while a filter is set is shown if it passes the filter, and its curl line can be copied."""
    served.ask(PHONE)
    served.ask("+1")
    browser.open("console/journal")
    browser.fill("q", "format")
    browser.fill("status", "4")
    browser.press(t("journal.filter"))
    assert [each.get_attribute("data-number") for each in browser.all(".entries li")] == ["2"]
    assert browser.one("#q").get_attribute("value") == "format"
    assert re.search(r"\d\d:\d\d:\d\d", browser.one(".entries summary time").text)
    served.ask(PHONE)
    served.ask("+2")
    browser.wait(lambda: len(browser.all(".entries li")) == 2)
    newest = browser.all(".entries li")[0]
    assert newest.get_attribute("data-number") == "4"
    newest.find_element("css selector", "summary").click()
    browser.press(t("entry.copy"))
    browser.wait(lambda: t("copy.done") in newest.text)
    copied = browser.driver.execute_async_script(
        "navigator.clipboard.readText().then(arguments[arguments.length - 1])"
    )
    assert copied.startswith("curl -X POST http")
    browser.follow(".row a[href$=journal]")
    assert len(browser.all(".entries li")) == 4


def test_forms_keep_their_input(browser: Browser, t: Texts) -> None:
    """A mistake is told where it was made; the script's own checks are only the first."""
    browser.open("console/clock")
    browser.fill("moment", "tomorrow")
    browser.press(t("clock.set"))
    assert t("problem.moment") in browser.text()
    assert browser.one("#moment").get_attribute("value") == "tomorrow"
    assert browser.violations(AXE) == []
    browser.open("console/clients")
    browser.driver.execute_script("document.querySelector('main form').noValidate = true")
    browser.fill("phone", "0151")
    browser.press(t("clients.register"))
    assert t("problem.phone") in browser.text()
    assert browser.one("#phone").get_attribute("value") == "0151"
    assert browser.violations(AXE) == []


def test_the_api_is_tried_with_the_jwt_filled_in(browser: Browser, t: Texts, served: Started) -> None:
    """The viewer works under the policy, asks nobody but the mock, and its calls reach the API."""
    browser.open()
    browser.press(t("key.get"))
    browser.press(t("jwt.get"))
    browser.press(t("jwt.try"))
    browser.until("#reference .btn.authorize.locked")
    browser.one("#reference .opblock-post .opblock-summary-control").click()
    browser.until("#reference .opblock-post .execute").click()
    browser.until("#reference .opblock-post .live-responses-table tbody .response-col_status")
    assert browser.one("#reference .live-responses-table tbody .response-col_status").text.startswith("200")
    assert steered(served, "journal")["entries"][-1]["rule"] == "same-day-same-key"


def test_the_key_form_works_without_script(browser: Browser) -> None:
    """From the phone to the JWT."""
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.open("?lang=en")
        browser.press("Get a key")
        assert len(browser.one("#api-key").text) == 40
        assert not browser.one("[data-copy]").is_displayed()
        browser.press("Get a JWT")
        assert browser.one("#jwt").text.startswith("eyJ")
        browser.open("console/journal")
        assert not browser.one("#live").is_displayed()
        assert "reload the page" in browser.text()
        browser.open("console/reference")
        assert "POST /v.1.0/test-api-keys" in browser.text()
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_keyboard_suffices(browser: Browser, t: Texts) -> None:
    """From the address bar to a key, with a link past the menu first."""
    browser.open()
    active = browser.driver.switch_to
    browser.one("body").send_keys("\ue004")  # Tab
    assert active.active_element.text == t("frame.skip")
    active.active_element.send_keys("\ue007")  # Enter
    active.active_element.send_keys("\ue004")
    assert active.active_element.get_attribute("id") == "phone"
    active.active_element.send_keys("\ue007")
    browser.until("#api-key")


@pytest.fixture
def scheme(request: pytest.FixtureRequest, browser: Browser) -> Iterator[str]:
    """Let the browser prefer a colour scheme."""
    browser.prefer(str(request.param))
    yield str(request.param)
    browser.prefer("light")


@pytest.mark.parametrize(
    ("size", "scheme"), [("wide", "light"), ("narrow", "light"), ("narrow", "dark")], indirect=["scheme"]
)
@pytest.mark.usefixtures("scheme")
def test_every_page_is_for_everybody(browser: Browser, t: Texts, served: Started, size: str) -> None:
    """Axe finds nothing, and nothing is wider than the window."""
    browser.resize(SIZES[size])
    served.ask(PHONE)
    served.steer("PUT", f"clients/{OTHER}", {"matches": 2})
    served.steer("PUT", "faults", [{"kind": "html", "operation": "authorizeClient"}])
    found = {}

    def look(name: str) -> None:
        # Axe comes by the driver, past the policy; what it finds on the way belongs to the page.
        found[name] = browser.violations(AXE)
        wide, window = browser.driver.execute_script(
            "return [document.documentElement.scrollWidth, window.innerWidth]"
        )
        if wide > window:
            found[name].append(f"{wide} pixels wide in a window of {window}")

    for name in PAGES:
        browser.open("" if name == "key" else f"console/{name}")
        if name == "journal":
            browser.one("summary").click()
        if name == "reference":
            browser.until("#reference .opblock")
        look(name)
    browser.open()
    browser.press(t("key.get"))
    look("answer")
    browser.press(t("jwt.get"))
    look("refused jwt")
    served.steer("DELETE", "faults")
    browser.press(t("jwt.again"))
    look("jwt")
    browser.open()
    browser.fill("phone", OTHER)
    browser.press(t("key.get"))
    look("refusal")

    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize(
    ("size", "scheme"), [("wide", "light"), ("wide", "dark"), ("narrow", "dark")], indirect=["scheme"]
)
@pytest.mark.usefixtures("scheme")
def test_the_viewer_of_the_api_is_for_everybody(browser: Browser, size: str) -> None:
    """axe finds nothing and nothing is wider than the window, also where an answer is shown."""
    browser.resize(SIZES[size])
    browser.open("console/reference?lang=en")
    browser.until("#reference .opblock")
    for each in browser.all("#reference .opblock-summary-control"):
        each.click()
    browser.until("#reference .opblock-post .execute").click()
    browser.until("#reference .opblock-post .live-responses-table")

    found = browser.violations(AXE)

    assert found == []
    assert browser.driver.execute_script("return document.documentElement.scrollWidth") <= SIZES[size]


def test_axe_would_find_something(browser: Browser) -> None:
    """A page with a fault in it does not pass."""
    browser.open()
    browser.driver.execute_script("document.querySelector('label').remove()")

    assert any(line.startswith("label:") for line in browser.violations(AXE))


def test_the_policy_stops_what_does_not_belong(browser: Browser) -> None:
    """An image of elsewhere and an inline script do not get through, and the tests above would see it."""
    browser.open()
    browser.driver.execute_script(
        "const s = document.createElement('script'); s.textContent = 'window.evil = 1';"
        "document.body.append(s);"
        "const i = new Image(); i.src = 'http://192.0.2.1/x.png'; document.body.append(i);"
    )

    def complained() -> bool:
        browser.look()
        return len(browser.complaints) >= 2

    browser.wait(complained)
    assert browser.driver.execute_script("return window.evil") is None
    assert all("Content Security Policy" in each for each in browser.complaints)
    assert browser.elsewhere() == ["http://192.0.2.1/x.png"]  # wanted, and stopped by the policy
    browser.complaints.clear()
    browser.requested = [browser.base]


def test_a_token_opens_the_console(tmp_path: Path) -> None:
    """The form, a wrong token, the right one, and then a key."""
    token = "a-token-of-some-length"
    with started("--control-token", token) as mock, browsing(mock.control, tmp_path) as browser:
        for language in ("uk", "en"):
            t = texts_of(language)
            browser.driver.delete_all_cookies()
            browser.open(f"console/sign-in?lang={language}")
            browser.fill("token", "something else entirely")
            browser.press(t("sign-in.do"))
            assert t("sign-in.wrong") in browser.text()
            assert browser.violations(AXE) == []
            browser.fill("token", token)
            browser.press(t("sign-in.do"))
            browser.press(t("key.get"))
            assert len(browser.one("#api-key").text) == 40
            browser.open("console/journal")
            mock.ask("+1")
            browser.wait(lambda: "phone-format" in browser.text())
        assert browser.driver.execute_script("return document.cookie") == ""
        refused = [each for each in browser.complaints if "403" not in each]
        assert refused == []


def test_the_form_for_faults_shows_what_the_kind_has(browser: Browser, t: Texts) -> None:
    """A status belongs to a status, a pause to a delay."""
    browser.open("console/faults")
    shown: dict[str, list[bool]] = {}
    for kind in ("status", "delay", "html"):
        browser.one(f"#kind option[value={kind}]").click()
        shown[kind] = [
            browser.one(f"#{name}").is_displayed() for name in ("status", "delay_seconds", "times")
        ]

    assert shown == {
        "status": [True, False, True],
        "delay": [False, True, True],
        "html": [False, False, True],
    }


def test_code_to_copy_names_this_mock(browser: Browser, t: Texts, served: Started) -> None:
    """As the browser knows it, so that it can be pasted and run."""
    browser.open()
    browser.fill("phone", PHONE)
    browser.press(t("key.get"))

    first = browser.all(".snippet pre")[0].text
    assert f"{served.base.rstrip('/')}/test-api-keys" in first
    assert "MOCK" not in first
    browser.press(t("snippet.copy"))
    browser.wait(lambda: browser.all(".snippet [role=status]")[0].text == t("copy.done"))
    assert browser.all(".snippet pre")[0].text == first


def test_the_header_is_one_row_on_a_phone(browser: Browser) -> None:
    """What people came for stands below it."""
    browser.resize(390)
    browser.open()

    assert browser.one("header").size["height"] <= 64


@pytest.mark.parametrize("scheme", ["light", "dark"], indirect=True)
@pytest.mark.usefixtures("scheme")
def test_the_menu_of_a_phone_opens_and_shows_every_page(browser: Browser, t: Texts) -> None:
    """By a button, without a script of ours; it marks the page that is open, and Escape closes it."""
    browser.resize(SIZES["narrow"])
    browser.open("console/keys")
    links = browser.all(".menu a")
    assert not any(each.is_displayed() for each in links)

    browser.press(t("frame.open"), "header button")
    assert [each.text for each in browser.all(".menu a") if each.is_displayed()] == [
        t(f"menu.{each}") for each in PAGES
    ]
    assert browser.one(".menu [aria-current]").text == t("menu.keys")
    assert browser.violations(AXE) == []
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    browser.wait(lambda: not browser.one(".menu a").is_displayed())

    browser.press(t("frame.open"), "header button")
    browser.resize(SIZES["wide"])
    header, menu = browser.one("header").rect, browser.one(".menu").rect
    assert menu["y"] >= header["y"] + header["height"], "a phone that was turned"
    browser.follow(".menu li:nth-child(4) a")
    browser.resize(SIZES["narrow"])
    assert browser.one("h1").text == t("clock.title")
    assert not browser.one(".menu a").is_displayed()


@pytest.mark.parametrize("page", ["", "console/faults", "console/clients", "console/journal"])
def test_dark_pages_have_no_accessibility_fault(browser: Browser, page: str) -> None:
    """Contrast above all."""
    browser.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    )
    browser.open(page)

    ground = browser.driver.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(16, 22, 30)"
    assert browser.violations(AXE) == []
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
