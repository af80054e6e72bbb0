# Compiles the CUDA kernels with nvcc into libmvq: machine code for each architecture, PTX of the newest for later ones.
include(${CMAKE_CURRENT_LIST_DIR}/sources.cmake)
set(CMAKE_CUDA_ARCHITECTURES 75-real 80-real 86-real 89-real 90-real 100-real 120)
set(CMAKE_CUDA_STANDARD 20)
set(CMAKE_CUDA_STANDARD_REQUIRED ON)
set(CMAKE_CUDA_VISIBILITY_PRESET hidden)
set(CMAKE_CUDA_RUNTIME_LIBRARY Static)  # the library also loads where no driver is, and finds no device
enable_language(CUDA)
add_library(mvq_cuda OBJECT ${MVQ_CUDA_SOURCES})
target_include_directories(mvq_cuda PRIVATE ${CMAKE_CURRENT_LIST_DIR} ${CMAKE_CURRENT_LIST_DIR}/../cpp)
# no contraction into fused multiply-adds: the rule behind equal bits, as on the CPU
target_compile_options(mvq_cuda PRIVATE -fmad=false -Xcompiler=-Wall,-Wextra -Xptxas=-warn-spills)
target_link_libraries(mvq PRIVATE mvq_cuda)
