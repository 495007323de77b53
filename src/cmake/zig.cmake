# Compiles with Zig, which `.ci/sources` lays down, for the system SM_ZIG_TARGET, such as x86_64-linux-gnu.2.17: Linux on
# x86-64 with that C library or a later one.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SM_ZIG_TARGET)
string(REGEX MATCH "^[^-]*" zig_processor "${SM_ZIG_TARGET}")
cmake_host_system_information(RESULT host_processor QUERY OS_PLATFORM)
if(NOT zig_processor STREQUAL host_processor)
  set(CMAKE_SYSTEM_NAME Linux)
  set(CMAKE_SYSTEM_PROCESSOR ${zig_processor})
  set(CMAKE_CROSSCOMPILING_EMULATOR qemu-${zig_processor} -L "/usr/${zig_processor}-linux-gnu")
endif()

set(zig_tools "${CMAKE_CURRENT_LIST_DIR}/../../build/sources/bin")
cmake_path(NORMAL_PATH zig_tools)
set(CMAKE_C_COMPILER "${zig_tools}/zig" cc -target ${SM_ZIG_TARGET})
set(CMAKE_CXX_COMPILER "${zig_tools}/zig" c++ -target ${SM_ZIG_TARGET})
set(CMAKE_ASM_COMPILER "${zig_tools}/zig" cc -target ${SM_ZIG_TARGET})
set(CMAKE_AR "${zig_tools}/zig-ar")
set(CMAKE_RANLIB "${zig_tools}/zig-ranlib")

# Stripped as they are linked: the system's own tool knows no other processors.
set(CMAKE_SHARED_LINKER_FLAGS_INIT -s)
set(CMAKE_EXE_LINKER_FLAGS_INIT -s)
set(CMAKE_STRIP true)
