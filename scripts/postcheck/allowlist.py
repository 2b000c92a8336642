"""What generated code may be made of. A template that needs more says so here.

`scripts.postcheck.allowlist_check` holds every generated file against these lists, so that nothing of a
document can become code that the templates did not mean, whatever the generator overlooks.
"""

import ast

from scripts.generator.runtime_copy import error_names
from scripts.lib.word_set import words

# Kinds of syntax. Not among them: lambda, for, while, with, try, raise, yield, global, match, assert, :=,
# f-strings, comprehensions, assignment by +=.
SYNTAX: frozenset[type[ast.AST]] = frozenset(
    (
        *(ast.Module, ast.Import, ast.ImportFrom, ast.alias),
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.arguments, ast.arg, ast.keyword),
        *(ast.Return, ast.Assign, ast.AnnAssign, ast.Delete, ast.If, ast.Expr, ast.Await),
        *(ast.BinOp, ast.BitOr, ast.UnaryOp, ast.USub, ast.IfExp, ast.Compare, ast.NotEq),
        *(ast.Dict, ast.List, ast.Tuple, ast.Call, ast.Constant, ast.Attribute, ast.Subscript),
        *(ast.Name, ast.Load, ast.Store, ast.Del),
    )
)

# Modules from outside the package, with what may be taken from each; () where the module itself is imported.
IMPORTS: dict[str, frozenset[str]] = {
    name: frozenset(taken.split())
    for name, taken in {
        "__future__": "annotations",
        "attrs": "define field",
        "builtins": "",
        "datetime": "",
        "typing": "Any Literal Self TYPE_CHECKING Unpack",
        "uuid": "UUID",
    }.items()
}
# The same for the modules of the runtime; "" is the runtime itself.
RUNTIME: dict[str, frozenset[str]] = {
    name: words(taken)
    for name, taken in {
        "": "answers calls errors lazy models parsing styles",
        "core": "BaseClient",
        "enums": "OpenIntEnum OpenStrEnum",
        "errors": " ".join(error_names()),
        "limits": "Limits",
        "options": "CallHeaders CallTimeout Options",
        "operations": "Operation Scheme Server Table TokenSource",
        "redaction": "Hidden",
        "retry": "Retry",
        "token_store": "FileTokenStore StoredToken TokenStore",
        "values": "UNSET File FileTypes RequestFiles Response Unset",
    }.items()
}
# Under which other names things are imported, so that no name of the document can hide them.
ALIASES: dict[str, str] = {
    "_a": "answers",
    "_c": "calls",
    "_define": "define",
    "_field": "field",
    "_lazy": "lazy",
    "_m": "models",
    "_p": "parsing",
    "_s": "styles",
    "_TABLE": "TABLE",
    "_tree": "errors",
}
# The names under which an operation and the model of its body are imported in a method.
OWN_ALIASES = frozenset(("_operation", "_Body"))

# What may be reached through an imported module.
MODULE_ATTRIBUTES: dict[str, frozenset[str]] = {
    name: words(attributes)
    for name, attributes in {
        "_a": "Answers Documented",
        "_c": "Body Call",
        "_lazy": "load names",
        "_m": "Field Fields Model Nested no_extra",
        "_p": "ANY BOOLEAN DATE FILE INTEGER MOMENT NULL NUMBER TEXT UUID Array Choice Constant Listed Union",
        "_s": "InPath Json Simple",
        "_tree": "__doc__",
        "builtins": "list",
        "datetime": "date datetime",
    }.items()
}

# Built-in names. Not among them: eval, exec, compile, open, __import__, getattr, globals, vars, input …
BUILTINS = words("bool classmethod dict float int isinstance list object property str")
# Names that a module has without giving them to anything.
GIVEN = words("__name__")

# Calls that run when a module is imported: in its body, in that of a class, as a decorator, as a default.
IMPORT_TIME_CALLS = frozenset(
    (
        *("_define", "_field", "UUID", "datetime.date.fromisoformat", "datetime.datetime.fromisoformat"),
        *("_a.Answers", "_a.Documented", "_m.Nested"),
        *("_p.Array", "_p.Choice", "_p.Constant", "_p.Listed", "_p.Union"),
        *("Table", "Server", "Scheme", "TokenSource", "Operation"),
    )
)
DECORATORS = frozenset(("_define", "classmethod", "property"))
BASES = frozenset(("BaseClient", "OpenIntEnum", "OpenStrEnum", "_m.Model"))

# Methods that functions call, beside those of the file's own classes and what MODULE_ATTRIBUTES names.
METHODS = words("_in asend fromisoformat prepare send")

# Names with two underscores on both sides.
DUNDERS = words("__all__ __dir__ __doc__ __getattr__ __init__ __name__ __test__ __version__")

# Words that the templates and the naming of resources put into names, beside those of the lists above.
WORDS = words(
    """
    accept additional aio answers api args async asyncio base body by call client closed cls code
    constant cookies create default deferred delete describe detailed documented environments errors
    explode extra factory field file files future head headers hidden home init item key kind
    lifetime limits list literal mime minus model n name negative only open operation operations options
    own package parameter parsed patch path post prefix prepare properties put query raw redaction
    replace repr request required resource resources response retrieve retry root runtime scheme
    schemes secret secrets security self sent servers settings slash source sources store stored str
    styles sync table tag test timeout token tools trace types unlisted unnamed unset update value
    values version with x
    """
)
