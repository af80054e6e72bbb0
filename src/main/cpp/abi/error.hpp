// What a call throws inside the library; api.cpp turns it into a status and mvq_last_error's text.
#pragma once
#include <cstdint>
#include <string>

namespace mvq {

struct Failure {
  int32_t status;  // MVQ_BAD_ARGUMENT, MVQ_NO_DEVICE or MVQ_DEVICE_FAILED
  std::string text;
};

[[noreturn]] void bad_argument(const char* format, ...) __attribute__((format(printf, 1, 2)));

}  // namespace mvq
