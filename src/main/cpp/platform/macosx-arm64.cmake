# zig's clang and libc++, and the names of Apple's libraries that come with it. Nothing here runs what it makes.
set(CMAKE_SYSTEM_NAME Darwin)
set(CMAKE_SYSTEM_PROCESSOR arm64)
set(CMAKE_C_COMPILER zig cc -target aarch64-macos)
set(CMAKE_CXX_COMPILER ${CMAKE_CURRENT_LIST_DIR}/macosx-arm64-c++)
