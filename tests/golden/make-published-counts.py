"""How many weights transformers counts in published models, from their config.json, for tests/unit/published-configs.test.ts. No weights are made.

The file itself lists the models; this fills in `weights`.

Run: python3 tests/golden/make-published-counts.py
"""

import copy
import json
from pathlib import Path

import torch
import transformers

transformers.utils.logging.set_verbosity_error()
PATH = Path(__file__).parent / "published-counts.json"
text = json.loads(PATH.read_text())
for model in text["models"]:
    with torch.device("meta"):
        made = transformers.AutoModelForCausalLM.from_config(transformers.AutoConfig.for_model(**copy.deepcopy(model["config"])))
    model["weights"] = sum(parameter.numel() for parameter in made.parameters())
rows = ",\n".join(json.dumps(model) for model in text["models"])
PATH.write_text(f'{{"source": {json.dumps(f"transformers {transformers.__version__}")},\n"models": [\n{rows}\n]}}\n')
