# cmake -DFROM=FILE -DTO=FILE.inc -P embed.cmake: a file's bytes as what stands between the braces of a C array.
file(READ "${FROM}" hex HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "((0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,))" "\\1\n" lines "${bytes}")
file(WRITE "${TO}" "${lines}\n")
