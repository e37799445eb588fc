"""References to tuples of arrays inside compiled code: how World and State are handed on.

World and State are tuples of some forty arrays. Numba passes a tuple by value, each array as seven
numbers or more; a reference is one pointer. And their arrays are only ever indexed from the front:
reading an index as unsigned spares the test for a negative one at every access.
"""

from __future__ import annotations

import operator
from typing import Any

from numba.core import cgutils, types
from numba.core.typing import signature
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_builtin,
    lower_getattr_generic,
    models,
    register_model,
)


class Table(types.Array):
    """Type of an array that is reached through a reference."""

    def __init__(self, array: Any) -> None:
        super().__init__(
            array.dtype, array.ndim, array.layout, readonly=not array.mutable,
            name=f"table({array})", aligned=array.aligned,
        )  # fmt: skip
        self.plain = array

    @property
    def key(self) -> Any:
        return self.plain._code  # one number a type: Numba compares and hashes keys all the time


class Reference(types.Type):
    """Type of a reference to a named tuple of arrays."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        super().__init__(name=f"Reference({inner.instance_class.__name__})")

    @property
    def key(self) -> Any:
        return self.inner._code


register_model(Reference)(models.OpaqueModel)
register_model(Table)(models.ArrayModel)


def _by_reference(typingctx, value):  # type: ignore[no-untyped-def]
    """A reference to a named tuple, valid until the compiled function that made it returns."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        place = cgutils.alloca_once_value(builder, args[0])
        return builder.bitcast(place, cgutils.voidptr_t)

    return Reference(value)(value), codegen


def _refer_to(typingctx, reference, value):  # type: ignore[no-untyped-def]
    """Let a reference refer to another tuple of the same type."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        place = builder.bitcast(args[0], args[1].type.as_pointer())
        builder.store(args[1], place)
        return context.get_dummy_value()

    return types.void(reference, value), codegen


by_reference: Any = intrinsic(_by_reference)
refer_to: Any = intrinsic(_refer_to)


@infer_getattr
class _Fields(AttributeTemplate):  # type: ignore[misc]
    key = Reference

    def generic_resolve(self, reference: Any, name: str) -> Any:  # type: ignore[override]
        fields = reference.inner.fields
        return Table(reference.inner.types[fields.index(name)]) if name in fields else None


@lower_getattr_generic(Reference)
def _field(context, builder, kind, value, name):  # type: ignore[no-untyped-def]
    pointer = builder.bitcast(value, context.get_value_type(kind.inner).as_pointer())
    return builder.load(
        cgutils.gep_inbounds(builder, pointer, 0, kind.inner.fields.index(name))
    )  # fmt: skip


def _unsigned(index: Any) -> Any:
    """The type under which an index is read: unsigned, where it is a number or numbers."""
    parts: Any = index if isinstance(index, types.BaseTuple) else (index,)
    if not all(isinstance(part, types.Integer) for part in parts):
        return index
    if isinstance(index, types.BaseTuple):
        return types.UniTuple(types.uintp, len(parts))
    return types.uintp


def _access(context, builder, sig, args, call):  # type: ignore[no-untyped-def]
    """Do what a plain array would do, with an unsigned index."""
    table, index, *rest = sig.args
    wanted = _unsigned(index)
    place = context.cast(builder, args[1], index, wanted)
    plain = signature(sig.return_type, table.plain, wanted, *rest)
    return context.get_function(call, plain)(builder, [args[0], place, *args[2:]])


@lower_builtin(operator.getitem, Table, types.Integer)
@lower_builtin(operator.getitem, Table, types.BaseTuple)
def _get(context, builder, sig, args):  # type: ignore[no-untyped-def]
    return _access(context, builder, sig, args, operator.getitem)


@lower_builtin(operator.setitem, Table, types.Integer, types.Any)
@lower_builtin(operator.setitem, Table, types.BaseTuple, types.Any)
def _set(context, builder, sig, args):  # type: ignore[no-untyped-def]
    return _access(context, builder, sig, args, operator.setitem)
