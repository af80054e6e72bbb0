// MinGW's fmaf adds in double and rounds twice. This one, linked in its place, rounds once: the sum is made odd where
// it is not exact, so that what was lost is not forgotten when it becomes a float (Boldo and Melquiond, "Emulation
// of FMA and correctly rounded sums", 2008).
#include <cstdint>

extern "C" float fmaf(float a, float b, float c) {
  const double product = double(a) * double(b);  // exact
  const double sum = product + c, added = sum - product;
  const double lost = (product - (sum - added)) + (c - added);
  if (!(lost < 0 || lost > 0)) return float(sum);  // exact, infinite or NaN
  int64_t bits = __builtin_bit_cast(int64_t, sum);
  if (bits % 2 == 0) bits += (lost > 0) == (sum > 0) ? 1 : -1;
  return float(__builtin_bit_cast(double, bits));
}
