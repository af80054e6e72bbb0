# The CUDA sources: nvcc compiles them into the library, and the tests run the same text on the host.
set(MVQ_CUDA_SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/dropout_masks.cu
  ${CMAKE_CURRENT_LIST_DIR}/codebook_sums.cu
  ${CMAKE_CURRENT_LIST_DIR}/select_hypothesis.cu
  ${CMAKE_CURRENT_LIST_DIR}/nearest_code.cu
  ${CMAKE_CURRENT_LIST_DIR}/nearest_in_bank.cu
  ${CMAKE_CURRENT_LIST_DIR}/nearest_free_mask.cu
)
