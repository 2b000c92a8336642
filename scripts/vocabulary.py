"""What generated code may be made of. A template that needs more says so here.

`scripts.vetting` holds every generated file against these lists, so that nothing of a document can become
code that the templates did not mean, whatever the generator overlooks.
"""

import ast

from scripts.words import words

# Kinds of syntax. Not among them: lambda, while, with, yield, global, match, assert, :=, assignment by +=.
SYNTAX: frozenset[type[ast.AST]] = frozenset(
    (
        *(
            ast.Module,
            ast.Import,
            ast.ImportFrom,
            ast.alias,
            ast.FunctionDef,
            ast.AsyncFunctionDef,
            ast.ClassDef,
        ),
        *(
            ast.arguments,
            ast.arg,
            ast.keyword,
            ast.Return,
            ast.Assign,
            ast.AnnAssign,
            ast.Delete,
            ast.For,
            ast.If,
        ),
        *(ast.Raise, ast.Try, ast.ExceptHandler, ast.Expr, ast.Pass, ast.Continue, ast.Break, ast.Await),
        *(ast.BoolOp, ast.And, ast.Or, ast.BinOp, ast.BitOr, ast.UnaryOp, ast.Not, ast.USub, ast.IfExp),
        *(
            ast.Compare,
            ast.Eq,
            ast.NotEq,
            ast.Is,
            ast.IsNot,
            ast.In,
            ast.NotIn,
            ast.Lt,
            ast.LtE,
            ast.Gt,
            ast.GtE,
        ),
        *(ast.Dict, ast.List, ast.Set, ast.Tuple, ast.DictComp, ast.ListComp, ast.SetComp, ast.GeneratorExp),
        *(ast.comprehension, ast.Call, ast.JoinedStr, ast.FormattedValue, ast.Constant, ast.Attribute),
        *(ast.Subscript, ast.Slice, ast.Starred, ast.Name, ast.Load, ast.Store, ast.Del),
    )
)

# Modules from outside the package, with what may be taken from each; () where the module itself is imported.
IMPORTS: dict[str, frozenset[str]] = {
    name: frozenset(taken.split())
    for name, taken in {
        "__future__": "annotations",
        "attrs": "define evolve field",
        "collections.abc": "AsyncIterator Awaitable Callable Iterator Mapping MutableMapping Sequence",
        "datetime": "",
        "enum": "IntEnum StrEnum",
        "functools": "cached_property",
        "http": "HTTPStatus",
        "httpx": "",
        "io": "BytesIO",
        "json": "",
        "ssl": "",
        "typing": "IO Any BinaryIO ClassVar Final Generator Generic Literal Self TYPE_CHECKING TextIO "
        "TypeAlias TypeVar cast overload",
        "urllib.parse": "quote",
        "uuid": "UUID",
    }.items()
}
ALIASES = frozenset(("_attrs_define", "_attrs_field"))

# What may be reached through an imported module.
MODULE_ATTRIBUTES: dict[str, frozenset[str]] = {
    "datetime": frozenset(("date", "datetime")),
    "httpx": frozenset(("AsyncClient", "Client", "Response", "Timeout", "URL", "Request")),
    "json": frozenset(("dumps",)),
    "ssl": frozenset(("SSLContext",)),
}

# Built-in names. Not among them: eval, exec, compile, open, __import__, getattr, globals, vars, input …
BUILTINS = words(
    """
    AttributeError Exception KeyError NotImplementedError TypeError ValueError bool bytes classmethod
    dict float int isinstance len list object property set frozenset sorted staticmethod str super tuple
    type
    """
)

# Calls that run when a module is imported: in its body, in that of a class, as a decorator, as a default.
IMPORT_TIME_CALLS = frozenset(
    (
        *("TypeVar", "Unset", "define", "field", "_attrs_define", "_attrs_field"),
        *("UUID", "datetime.date.fromisoformat", "datetime.datetime.fromisoformat"),
    )
)
DECORATORS = frozenset(
    ("_attrs_define", "define", "classmethod", "staticmethod", "property", "cached_property", "overload")
)
# Keywords of the calls above that say how a class behaves; no other, so that none brings code of its own.
BASES = frozenset(("Exception", "Generic", "IntEnum", "StrEnum", "object"))

# Functions called by their name within functions, beside the file's own and what it imports.
METHODS = words(
    """
    __aenter__ __aexit__ __enter__ __exit__ __init__ append decode dumps encode format from_dict
    fromisoformat get get_async_httpx_client get_httpx_client isoformat items json keys pop request
    to_dict to_multipart to_tuple update values AsyncClient Client Timeout UnexpectedStatus
    """
)

# Names with two underscores on both sides.
DUNDERS = words(
    """
    __all__ __init__ __str__ __repr__ __bool__ __enter__ __exit__ __aenter__ __aexit__ __getitem__
    __setitem__ __delitem__ __contains__ __len__ __iter__ __slots__
    """
)

# Words that the templates put into names, beside those of the lists above.
WORDS = words(
    """
    additional aio alias args async asyncio auth authenticated base body build bytes client code content
    cookies d data datetime default detailed dict element enter errors exit factory field file filename
    files follow get header headers httpx init item k key keys kw kwargs mime mode multipart name only
    params parse parsed path payload prefix prop property raise redirects response set self cls src ssl
    status sync t to token tuple type types unexpected on unset url v value verify with evolve timeout
    bound cast json true false none negative api tag literal sources tools safe str source
    """
)
