#include "device/tuning.hpp"

namespace mvq::cuda {

Tuning tuning;

}  // namespace mvq::cuda
