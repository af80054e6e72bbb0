# zig's clang and libc++, and wine to run the tests. Not MinGW's gcc: it aligns no vector of 32 bytes on the stack (its bug 54412).
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER zig cc -target x86_64-windows-gnu)
set(CMAKE_CXX_COMPILER ${CMAKE_CURRENT_LIST_DIR}/windows-x86_64-c++)
set(CMAKE_CROSSCOMPILING_EMULATOR wine)
