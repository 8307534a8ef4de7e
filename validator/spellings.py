"""config.json in the ways in which it is found."""

import json


def without(fields, *names):
    return {name: value for name, value in fields.items() if name not in names}


def default_of(config, name):
    """What the class of a configuration takes where a field is absent."""
    bases = {"rope_theta": "global", "rope_local_base_freq": "local"}
    return config.default_theta[bases[name]] if name in bases else getattr(config.__class__(), name, None)


def spellings(name, family, case, config):
    """By name: as this version writes it, as older checkpoints have it, and what the case lists besides."""
    model_type = case.model_type or name
    new = json.loads(config.to_json_string())
    architecture = case.architecture or family.architecture
    head = {"model_type": name, "architectures": [architecture], "torch_dtype": "float32"}
    old = {**head, **family.old({**family.sizes, **case.options})}
    if case.nested:
        old = {key: value for key, value in old.items() if key == "model_type" or value != default_of(config, key)}
        wrap = lambda fields: {"model_type": model_type, "architectures": [f"{model_type.capitalize()}ForConditionalGeneration"], "text_config": without(fields, "architectures", "torch_dtype", "dtype")}
        return {"new": wrap(new), "old": wrap(old)}
    texts = {"new": {**new, "architectures": [architecture], "dtype": "float32"}, "old": old}
    for spelling, fields in case.spelt.items():
        changed = {**old, **fields}
        gone = [key for key, value in fields.items() if value is None and key not in ("hidden_activation",)]
        texts[spelling] = without(changed, *gone)
    return texts
