# The CUDA sources of the operations: nvcc compiles them into the library, and the tests run the same text on the host.
file(GLOB_RECURSE MVQ_CUDA_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cu)
list(FILTER MVQ_CUDA_SOURCES EXCLUDE REGEX "/abi/")  # backend.cu needs CUDA's runtime
