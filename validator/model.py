"""One tiny model of transformers: built from a case, filled with numbers of a coarse grid, run with all that the readers are held against."""

import copy
import zlib

import numpy as np
import torch
import transformers

from double import double_precision

GRID = 64
"""Weights are whole multiples of 1/64 below 2 in size: exact in bfloat16, float16 and everything wider, and a byte each."""


def config_of(family, case):
    """The configuration as the class of this version has it."""
    cls = getattr(transformers, case.architecture or family.architecture)
    return cls, cls.config_class(**copy.deepcopy({**family.sizes, **case.options}))


def built(cls, config, attention="eager"):
    model = cls._from_config(config, dtype=torch.float64, attn_implementation=attention).eval()
    assert model.config._attn_implementation == attention
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        assert not tensor.is_floating_point() or tensor.dtype == torch.float64, (name, tensor.dtype)
    return model


def fill(model, seed):
    """Whole multiples of 1/64: norms about 1 (about 0 where the model adds 1), biases below 1/2, matrices below 5/8, embeddings below 1."""
    random = np.random.default_rng(zlib.crc32(seed.encode()))
    for module_name, module in model.named_modules():
        for name, parameter in module.named_parameters(prefix=module_name, recurse=False):
            norm = "norm" in type(module).__name__.lower()
            bound, centre = 40, 0
            if norm or name.endswith("bias"):
                bound = 24
            if norm and name.endswith("weight") and not type(module).__name__.startswith("Gemma"):
                centre = GRID
            if isinstance(module, torch.nn.Embedding):
                bound = 64
            values = centre + random.integers(-bound, bound + 1, tuple(parameter.shape))
            parameter.copy_(torch.tensor(values, dtype=torch.float64) / GRID)
    model.tie_weights()


def stored(model):
    """The tensors that a file of weights holds, by name: whole numbers, in units of 1/64. What is tied is held once."""
    tensors, seen = {}, {}
    for name, tensor in model.state_dict().items():
        if not tensor.is_floating_point() or tensor.data_ptr() in seen:
            continue
        seen[tensor.data_ptr()] = name
        whole = (tensor * GRID).numpy()
        assert (whole == np.round(whole)).all() and np.abs(whole).max(initial=0) < 128, name
        tensors[name] = whole.astype(np.int8)
    return tensors


def run(family, model, ids):
    """Points of the pass by the names of this project, each as an array of its shape without the batch."""
    points, hooks = {}, []
    tensor = lambda value: (value[0] if isinstance(value, tuple) else value).clone()

    def after(module, name):
        hooks.append(module.register_forward_hook(lambda _m, _i, output: points.__setitem__(name, tensor(output))))

    def before(module, name):
        keep = lambda _m, args, kwargs: points.__setitem__(name, tensor(args or kwargs["hidden_states"]))
        hooks.append(module.register_forward_pre_hook(keep, with_kwargs=True))

    layers = model.get_submodule(family.layers_of(model))
    before(layers[0], "blocks.0.resid_pre")
    for i, layer in enumerate(layers):
        name, side = family.mid(model.config)
        if side == "in":
            before(layer.get_submodule(name), f"blocks.{i}.resid_mid")
        elif side == "out":
            after(layer.get_submodule(name), f"blocks.{i}.resid_mid")
        else:
            after(layer.get_submodule(name), f"blocks.{i}.attn.out")
        after(layer, f"blocks.{i}.resid_post")
    output = model(input_ids=torch.tensor([ids]), output_attentions=True)
    for hook in hooks:
        hook.remove()
    for i, pattern in enumerate(output.attentions):
        assert (pattern.sum(-1) - 1).abs().max() < 1e-14, "a softmax in less than double"
        points[f"blocks.{i}.attn.pattern"] = pattern
    if "logits" in output:
        points["logits"] = output.logits
    for name, value in points.items():
        assert value.dtype == torch.float64 and bool(value.isfinite().all()), name
    shape = lambda value: value.shape[1:] if value.dim() > 2 else value.shape
    return {name: value.detach().reshape(shape(value)).numpy() for name, value in points.items()}


def evaluated(family, cls, config, case, seed=None, state=None):
    """(model, points) in double precision; the weights are those of the seed, or of another model."""
    with double_precision():
        model = built(cls, config)
        if case.amend is not None:
            case.amend(model)
        if state is None:
            fill(model, seed)
        else:
            model.load_state_dict(state, strict=True)
        return model, run(family, model, case.ids)


def eager_departs(cls, config, case, model, points):
    """Whether the library's other attention, where the class has it, gives other logits with the same weights, in double precision."""
    if not cls._supports_sdpa or "logits" not in points:
        return False
    with double_precision():
        other = built(cls, config, "sdpa")
        other.load_state_dict(model.state_dict(), strict=True)
        logits = other(input_ids=torch.tensor([case.ids])).logits[0].numpy()
    return not np.abs(logits - points["logits"]).max() < 1e-13
