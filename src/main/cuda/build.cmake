# Compiles the CUDA kernels with nvcc into libmvq: machine code for each architecture, PTX of the newest for later ones.
# By command, not as a CMake language: CMake 3.25 does not know nvcc 13's dialects.
include(${CMAKE_CURRENT_LIST_DIR}/sources.cmake)
find_program(MVQ_NVCC nvcc HINTS ENV CUDACXX PATHS /usr/local/cuda/bin REQUIRED)
set(flags -std=c++20 -O3 -lineinfo -Xcompiler=-fPIC,-fvisibility=hidden,-Wall,-Wextra
  -fmad=false)  # only an fma that is written down fuses: the rule behind equal bits, as on the CPU
foreach(architecture 75 80 86 89 90 100 120)
  list(APPEND flags -gencode=arch=compute_${architecture},code=sm_${architecture})
endforeach()
list(APPEND flags -gencode=arch=compute_120,code=compute_120)
# every header of both folders: a list of those in use would go stale, and with it the objects
file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cuh ${CMAKE_CURRENT_LIST_DIR}/*.hpp
  ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
foreach(source ${MVQ_CUDA_SOURCES} ${CMAKE_CURRENT_LIST_DIR}/abi/backend.cu)
  get_filename_component(name ${source} NAME_WE)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/cuda_${name}.o)
  add_custom_command(OUTPUT ${object} DEPENDS ${source} ${headers} VERBATIM
    COMMAND ${MVQ_NVCC} ${flags} -I ${CMAKE_CURRENT_LIST_DIR} -I ${CMAKE_CURRENT_SOURCE_DIR} -c ${source} -o ${object})
  list(APPEND cuda_objects ${object})
endforeach()
# the static runtime, so that the library also loads where no driver is; it then finds no device
execute_process(COMMAND ${MVQ_NVCC} -dryrun -x cu -c /dev/null OUTPUT_QUIET ERROR_VARIABLE dryrun)
string(REGEX MATCH "LIBRARIES= *\"?-L([^\" \n]*)" unused "${dryrun}")
find_library(MVQ_CUDART cudart_static HINTS ${CMAKE_MATCH_1} /usr/local/cuda/lib64 REQUIRED)
add_library(mvq_cuda STATIC ${cuda_objects})
set_target_properties(mvq_cuda PROPERTIES LINKER_LANGUAGE CXX)
target_link_libraries(mvq_cuda PUBLIC ${MVQ_CUDART} ${CMAKE_DL_LIBS} rt)
get_filename_component(cudart_folder ${MVQ_CUDART} DIRECTORY)
target_include_directories(mvq_cuda INTERFACE ${CMAKE_CURRENT_LIST_DIR} ${cudart_folder}/../include)
target_link_libraries(mvq PRIVATE mvq_cuda)
