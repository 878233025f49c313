"""The ten stored moments of a cell, field `moments`; what they are: kernels/d3q19.h."""

#: component -> its parity (the axes along which a mirror turns its sign), in order of storage
PARITY = {"REST": "", "JX": "x", "JY": "y", "JZ": "z", "BX": "", "BY": "", "BZ": ""}
PARITY |= {"QXY": "xy", "QXZ": "xz", "QYZ": "yz"}
#: component -> its number: defines of the kernels that use kernels/d3q19.h
DEFINES = {name: n for n, name in enumerate(PARITY)}
REST, JX, BX, BY, BZ, QXY = (DEFINES[name] for name in ("REST", "JX", "BX", "BY", "BZ", "QXY"))
