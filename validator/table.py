"""What a row of the table of families says."""

from collections.abc import Callable
from dataclasses import dataclass, field


def rope_outside(options):
    """config.json as it was before version 5: rotary parameters outside of `rope_parameters`, a scaling in `rope_scaling`."""
    old = dict(options)
    rope = dict(old.pop("rope_parameters", None) or {})
    for name in ("rope_theta", "partial_rotary_factor"):
        if name in rope:
            old[name] = rope.pop(name)
    kind = rope.pop("rope_type", "default")
    return old if kind == "default" else {**old, "rope_scaling": {"rope_type": kind, **rope}}


def renamed(names):
    """Like `rope_outside`, with fields under their older names; a name that becomes None is left out."""

    def old(options):
        pairs = [(names.get(name, name), value) for name, value in rope_outside(options).items()]
        return {name: value for name, value in pairs if name is not None}

    return old


@dataclass(frozen=True)
class Case:
    """An option of a family that changes what is computed."""

    options: dict = field(default_factory=dict)
    """Fields of config.json in the spelling of this version, over the sizes of the family."""
    ids: tuple = (3, 9, 4, 2, 5, 9, 11)
    """Tokens of the prompt."""
    architecture: str | None = None
    """Class of transformers, where it is not the family's."""
    spelt: dict = field(default_factory=dict)
    """Further spellings of config.json that mean the same, by name: fields that differ from the old one; None removes a field."""
    unread: dict = field(default_factory=dict)
    """Spellings that transformers reads as something else, with what it does: they are not tried on it."""
    model_type: str | None = None
    """`model_type` of config.json, where it is not the family's."""
    stored_as: Callable[[str], str] | None = None
    """Names of tensors as the file has them."""
    spares: tuple = ()
    """Tensors that files hold besides and that have no part in the pass: name, type and shape; all zeros."""
    note: str = ""
    """Where this is not what transformers computes by itself: what it does instead."""
    amend: Callable[[object], None] | None = None
    """Mends a model of transformers where it departs from what is meant."""
    nested: bool = False
    """config.json holds the fields under `text_config`, without those at the defaults of the class."""


@dataclass(frozen=True)
class Family:
    """Checkpoints of one `model_type`."""

    architecture: str
    """Class of transformers, with its head."""
    sizes: dict
    """Fields of config.json that all cases share."""
    layers: str
    """Where the list of blocks is in the model with its head."""
    mid: Callable[[object], tuple]
    """Of a configuration: the module of a block and which side of it ("in", "out") is the stream between the sublayers; or that of the
    attention and "attention" where both sublayers read the block's input."""
    cases: dict
    """By name."""
    old: Callable[[dict], dict] = rope_outside
    """Options in the spelling of older checkpoints."""

    def layers_of(self, model):
        """Without its head a model has its blocks one level higher."""
        prefix = model.base_model_prefix + "."
        headless = not hasattr(model, model.base_model_prefix) and self.layers.startswith(prefix)
        return self.layers[len(prefix):] if headless else self.layers


def entering(module):
    return lambda _config: (module, "in")


def leaving(module):
    return lambda _config: (module, "out")


def unless(parallel, module, attention):
    """`module` is entered by the stream between the sublayers, unless the configuration says that both read the block's input."""
    return lambda config: (attention, "attention") if parallel(config) else (module, "in")
