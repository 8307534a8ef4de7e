"""Sparse matrices as scipy.sparse.save_npz writes them, for tests/golden/sparse.test.ts. Run: python3 make-sparse.py > sparse.json"""
import base64
import io
import json
import sys

import numpy as np
import scipy
import scipy.sparse as sp


def entry(name, a, compressed=True):
    file = io.BytesIO()
    sp.save_npz(file, a, compressed=compressed)
    dense = a.toarray()
    flat = dense.ravel()
    if np.iscomplexobj(flat):
        flat = np.stack([flat.real, flat.imag], axis=-1).ravel()
    values = [str(int(x)) if flat.dtype.kind in "biu" else repr(float(x)) for x in flat]
    return {"name": name, "bytes": base64.b64encode(file.getvalue()).decode(), "shape": list(dense.shape), "complex": bool(np.iscomplexobj(dense)), "values": values}


def indexed(a, dtype):
    """The same matrix with indices of a type, whatever SciPy would choose."""
    for name in ("indices", "indptr", "offsets"):
        if hasattr(a, name):
            setattr(a, name, getattr(a, name).astype(dtype))
    return a


random = np.random.default_rng(7)
base = np.where(random.random((4, 6)) < 0.4, random.integers(1, 50, (4, 6)), 0)
entries = []
for form in ["csr", "csc", "bsr", "coo", "dia"]:
    for dtype in ["?", "i1", "<i8", "<u2", "<u8", "<f4", "<f8", "<c8", "<c16"]:
        a = base.astype(dtype) * (1 + 2j) if dtype[1:2] == "c" else base.astype(dtype)
        entries.append(entry(f"{form} of {dtype}", sp.csr_array(a.astype(dtype)).asformat(form), compressed=dtype != "<f4"))
    entries.append(entry(f"{form}, 64-bit indices", indexed(sp.csr_matrix(base).asformat(form), "<i8")))
    entries.append(entry(f"{form} of zeros", sp.csr_array((3, 2)).asformat(form)))
entries.append(entry("bsr of 2×3 blocks", sp.csr_array(base.astype("<f8")).tobsr((2, 3))))

rows, columns = np.array([0, 2, 0, 2, 0]), np.array([1, 0, 1, 0, 1])
for dtype in ["?", "i1", "<f8", "<c16"]:
    twice = sp.coo_array((np.array([1, 1, 100, 0, 100]).astype(dtype), (rows, columns)), shape=(3, 2))
    entries.append(entry(f"coo with elements thrice, of {dtype}", twice))
thrice = sp.csr_array((np.array([1.0, 2.0, 4.0]), np.array([1, 1, 0]), np.array([0, 2, 3])), shape=(2, 2))
entries.append(entry("csr with an element twice", thrice))
entries.append(entry("csr with room behind its elements", sp.csr_array((np.arange(1.0, 4), np.array([1, 0, 0]), np.array([0, 1, 2])), shape=(2, 2))))
entries.append(entry("coo of one axis", sp.coo_array(np.array([1.5, 0, -2.0]))))
entries.append(entry("csr of one axis", sp.csr_array(np.array([1.5, 0, -2.0]))))
entries.append(entry("coo of three axes", sp.coo_array(base.reshape(2, 4, 3))))
entries.append(entry("dia, short and long", sp.dia_array((np.arange(1.0, 9).reshape(2, 4), np.array([1, -2])), shape=(5, 3))))

json.dump({"source": f"SciPy {scipy.__version__}", "entries": entries}, sys.stdout, indent=0)
