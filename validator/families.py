"""All families and options that the readers are held against: a row for each.

Sizes are tiny: 13 tokens, width 8 (16 where heads are grouped by twos), two or three layers, heads of width 4. Windows and original contexts
are shorter than the prompt, caps are small enough to bend, so that every option moves the numbers.
"""

from encoders import ENCODERS
from gated import GATED
from plain import PLAIN

FAMILIES = {**PLAIN, **GATED, **ENCODERS}
