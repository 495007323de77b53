# Builds for aarch64 on another machine; what is built runs there through QEMU. `.ci/aarch64` lays down what it links.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

set(aarch64_root "${CMAKE_CURRENT_LIST_DIR}/../../build/aarch64-root")
cmake_path(NORMAL_PATH aarch64_root)
set(CMAKE_FIND_ROOT_PATH "${aarch64_root}" /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(ENV{PKG_CONFIG_LIBDIR} "${aarch64_root}/usr/lib/aarch64-linux-gnu/pkgconfig")

find_program(SM_QEMU_AARCH64 NAMES qemu-aarch64 qemu-aarch64-static REQUIRED)
set(CMAKE_CROSSCOMPILING_EMULATOR "${SM_QEMU_AARCH64}" -L /usr/aarch64-linux-gnu)

# ICU is linked as a static library there, and is of C++.
set(CMAKE_C_STANDARD_LIBRARIES "-lstdc++ -lm")
