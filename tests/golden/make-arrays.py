"""Files of arrays as NumPy and SciPy write them, for tests/golden/arrays.test.ts. Run: python3 make-arrays.py > arrays.json"""
import base64
import io
import json
import struct
import sys

import numpy as np
import scipy
import scipy.io
import scipy.sparse

DTYPES = ["?", "i1", "<i2", ">i4", "<i8", "u1", ">u2", "<u4", ">u8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "<c8", ">c8", "<c16", ">c16"]


def text(data):
    return base64.b64encode(data).decode()


def values(a):
    """Elements in row-major order as text that tells them apart; complex ones as two."""
    flat = np.asarray(a).ravel()
    if np.iscomplexobj(flat):
        flat = np.stack([flat.real, flat.imag], axis=-1).ravel()
    return [str(int(x)) if flat.dtype.kind in "biu" else repr(float(x)) for x in flat]


def sample(dtype, shape):
    """±(7k mod 11)/4 and extremes of the type: exact in every type."""
    dtype = np.dtype(dtype)
    k = np.arange(int(np.prod(shape)))
    if dtype.kind == "b":
        flat = k % 3 == 1
    elif dtype.kind in "iu":
        flat = (7 * k) % 11
        flat = flat.astype(dtype)
        flat[:2] = [np.iinfo(dtype).min, np.iinfo(dtype).max]
    else:
        flat = (((7 * k) % 11 - 5) / 4).astype(dtype)
        if dtype.kind == "c":
            flat = flat + 1j * (((5 * k) % 13 - 6) / 8)
        else:
            flat[:4] = [np.finfo(dtype).max, np.finfo(dtype).smallest_subnormal, -np.inf, -0.0]
    return flat.astype(dtype).reshape(shape)


def npy(a, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, a, version=version)
    return file.getvalue()


def entry(name, data, a):
    return {"name": name, "bytes": text(data), "shape": list(a.shape), "complex": bool(np.iscomplexobj(a)), "values": values(a)}


def market(a, **options):
    file = io.BytesIO()
    scipy.io.mmwrite(file, a, **options)
    return file.getvalue()


def safetensors(arrays):
    """Written by the format's definition: 8 bytes of length, JSON, data."""
    header, data = {}, b""
    for name, (dtype, shape, bits) in arrays.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(bits)]}
        data += bits
    head = json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + data


npys = [entry(dtype, npy(sample(dtype, (2, 3))), sample(dtype, (2, 3))) for dtype in DTYPES]
npys += [entry(f"{d}, Fortran", npy(np.asfortranarray(sample(d, (2, 3, 4)))), sample(d, (2, 3, 4))) for d in ["<f8", ">c16", "u1"]]
npys += [entry(f"version {v}", npy(sample("<f8", (5,)), (v, 0)), sample("<f8", (5,))) for v in (1, 2, 3)]
npys += [entry("no axes", npy(np.array(2.5)), np.array(2.5)), entry("no elements", npy(np.zeros((0, 3))), np.zeros((0, 3)))]

arrays = {"a": sample("<f8", (3, 2)), "layer/w": sample("<c16", (2, 2)), "n": np.arange(50, dtype=np.int32)}
npzs = []
for name, save in [("stored", np.savez), ("deflated", np.savez_compressed)]:
    file = io.BytesIO()
    save(file, **arrays)
    npzs.append({"name": name, "bytes": text(file.getvalue()), "arrays": [entry(k, b"", a) for k, a in arrays.items()]})

real = np.array([[1.5, -2.0, 0.0], [0.25, 0.0, 1e-300], [3.0, 1 / 3, -7.0]])
complexes = real + 1j * real.T
symmetric, skew, hermitian = real + real.T, real - real.T, complexes + complexes.conj().T
markets = []
for name, a in [("real", real), ("complex", complexes), ("integer", np.arange(6).reshape(2, 3)), ("symmetric", symmetric), ("skew", skew), ("hermitian", hermitian)]:
    markets.append(entry(f"array {name}", market(a, precision=17), a))
    markets.append(entry(f"coordinate {name}", market(scipy.sparse.coo_array(a), precision=17), a))
pattern = scipy.sparse.coo_array(np.array([[1, 0, 1], [0, 1, 0]]))
markets.append(entry("coordinate pattern", market(pattern, field="pattern"), pattern.toarray()))
twice = scipy.sparse.coo_array(([1.0, 2.0, 4.0], ([0, 0, 1], [1, 1, 0])), shape=(2, 2))
markets.append(entry("coordinate with an entry twice", market(twice), twice.toarray()))

bf16 = np.array([1.0, -2.5, 3.140625], dtype="<f4")
tensors = {name: sample(dtype, (2, 3)) for name, dtype in [("BOOL", "?"), ("I16", "<i2"), ("U64", "<u8"), ("F16", "<f2"), ("F32", "<f4"), ("F64", "<f8"), ("C64", "<c8")]}
stored = {name: (name, list(a.shape), a.tobytes()) for name, a in tensors.items()}
stored["BF16"] = ("BF16", [3], (bf16.view("<u4") >> 16).astype("<u2").tobytes())
tensor_file = {"bytes": text(safetensors(stored)), "arrays": [entry(k, b"", a) for k, a in {**tensors, "BF16": bf16}.items()]}

source = f"NumPy {np.__version__}, SciPy {scipy.__version__}"
json.dump({"source": source, "npy": npys, "npz": npzs, "matrixMarket": markets, "safetensors": tensor_file}, sys.stdout, indent=0)
