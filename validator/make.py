"""Writes references/<family>.json for the families named, or for all: tiny models of transformers, run in double precision.

Run: python3 validator/make.py [family …]
"""

import base64
import copy
import json
import pathlib
import sys

import numpy as np
import torch
import transformers

from families import FAMILIES
from model import GRID, config_of, eager_departs, evaluated, stored
from spellings import spellings

FOLDER = pathlib.Path(__file__).parent / "references"


def packed(values, kind):
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()


def reads_alike(family, cls, case, text, model, points):
    """Whether transformers makes the same model of a spelling of config.json."""
    text = copy.deepcopy(text)  # Some configurations write into what they are given.
    try:
        config = cls.config_class(**text["text_config"]) if case.nested else transformers.AutoConfig.for_model(**text)
        _, others = evaluated(family, cls, config, case, state=model.state_dict())
    except (KeyError, ValueError, RuntimeError):
        return False
    return all(np.abs(others[name] - values).max() < 1e-14 * np.abs(values).max() for name, values in points.items())


def reference(name, family, case_name, case):
    cls, config = config_of(family, case)
    model, points = evaluated(family, cls, config, case, seed=f"{name}: {case_name}")
    assert not eager_departs(cls, config, case, model, points), f"{name}, {case_name}: eager attention and sdpa differ"
    configs = spellings(name, family, case, config)
    for spelling, text in configs.items():
        read = reads_alike(family, cls, case, text, model, points)
        assert read == (spelling not in case.unread), f"{name}, {case_name}: what transformers makes of {spelling}"
    tensors = {(case.stored_as or str)(key): values for key, values in stored(model).items()}
    return {
        "name": case_name,
        "configs": configs,
        **{key: value for key, value in (("unread", case.unread), ("note", case.note), ("spares", case.spares)) if value},
        "ids": case.ids,
        "tensors": [[key, list(values.shape)] for key, values in tensors.items()],
        "weights": packed(np.concatenate([values.ravel() for values in tensors.values()]), "<i1"),
        "points": {key: [list(values.shape), packed(values, "<f8")] for key, values in points.items()},
    }


def main():
    torch.set_num_threads(1)
    transformers.utils.logging.set_verbosity_error()
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or FAMILIES:
        family = FAMILIES[name]
        cases = [json.dumps(reference(name, family, *case), separators=(",", ":")) for case in family.cases.items()]
        head = {"family": name, "transformers": transformers.__version__, "torch": torch.__version__.split("+")[0], "grid": GRID}
        text = json.dumps(head)[:-1] + ',\n"cases": [\n' + ",\n".join(cases) + "\n]}\n"
        (FOLDER / f"{name}.json").write_text(text)
        print(f"{name}: {len(cases)} cases, {len(text)} bytes", file=sys.stderr)


main()
