"""Files that torch.save writes, with the tensors in them, in torch-files.json beside this file.

    python tests/golden/make-torch-files.py          (torch 2.15)
"""

import base64
import collections
import io
import json
from pathlib import Path

import torch

HERE = Path(__file__).parent
TYPES = {torch.float64: 'F64', torch.float32: 'F32', torch.float16: 'F16', torch.bfloat16: 'BF16', torch.int64: 'I64', torch.int32: 'I32',
         torch.int16: 'I16', torch.int8: 'I8', torch.uint8: 'U8', torch.bool: 'BOOL'}


def saved(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return base64.b64encode(buffer.getvalue()).decode()


def described(state):
    """Type, shape and bytes of each tensor."""
    return {name: [TYPES[t.dtype], list(t.shape), bytes(t.detach().contiguous().view(torch.uint8).numpy().reshape(-1)).hex() if t.dim() and t.numel() else
                   bytes(t.detach().reshape(1).contiguous().view(torch.uint8).numpy().reshape(-1)).hex() if t.numel() else ''] for name, t in state.items()}


def main():
    torch.manual_seed(5)
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.LayerNorm(2))
    every = {str(dtype).split('.')[1]: (torch.rand(2, 3) * 9).to(dtype) for dtype in TYPES}
    base = torch.rand(4, 3)
    shared = collections.OrderedDict(wte=base, head=base, part=torch.rand(20)[5:11].reshape(2, 3))
    odd = {'scalar': torch.tensor(2.5), 'empty': torch.zeros(0, 4), 'empty rows': torch.zeros(4, 0), 'one column': torch.rand(5, 1), 'ünïcode 𝔘': torch.rand(2), 'parameter': torch.nn.Parameter(torch.rand(2))}
    read = {
        'module.state_dict()': (module.state_dict(), {}),
        'every type': (every, {}),
        'shared': (shared, {}),
        'odd': (odd, {}),
        'protocol 3': (module.state_dict(), {'pickle_protocol': 3}),
        'protocol 4': (odd, {'pickle_protocol': 4}),
        'protocol 5': (odd, {'pickle_protocol': 5}),
        'many': ({f'layers.{i}.weight': torch.full((1,), float(i)) for i in range(40)}, {}),
        'nothing': ({}, {}),
    }
    refused = {
        'the old format': saved(module.state_dict(), _use_new_zipfile_serialization=False),
        'a module': saved(module),
        'a transposed tensor': saved({'t': torch.rand(2, 3).T}),
        'an expanded tensor': saved({'t': torch.rand(1, 3).expand(4, 3)}),
        'parts of one another': saved({'a': base[:3], 'b': base[1:]}),
        'one inside another': saved({'a': base, 'b': base[0]}),
        'a state dictionary in a dictionary': saved({'model': module.state_dict(), 'step': 3}),
        'a number': saved({'step': 3}),
        'a tensor': saved(torch.arange(6.).reshape(2, 3)),
        'a list': saved([base]),
        'a complex tensor': saved({'t': torch.rand(2, dtype=torch.complex64)}),
        'a sparse tensor': saved({'t': torch.eye(3).to_sparse()}),
        'an array of NumPy': saved({'t': base.numpy()}),
        'a function': saved({'t': print}),
        'eight bits': saved({'t': torch.rand(2).to(torch.float8_e4m3fn)}),
    }
    golden = {
        'version': torch.__version__.split('+')[0],
        'read': [{'name': name, 'file': saved(state, **options), 'tensors': described(state)} for name, (state, options) in read.items()],
        'refused': [{'name': name, 'file': file} for name, file in refused.items()],
    }
    out = HERE / 'torch-files.json'
    out.write_text(json.dumps(golden, ensure_ascii=False, separators=(',', ':')) + '\n', encoding='utf-8')
    print(len(read), 'read', len(refused), 'refused', out.stat().st_size, 'bytes')


if __name__ == '__main__':
    main()
