#include <memory>

#include "device.hpp"

namespace {

/* A head and its rows, the same for the scalar tier and for CUDA. */
struct Selection {
  int64_t n, p, c, h, d;
  std::vector<int64_t> width;
  Floats (*draw)(int64_t) = normal;
  int32_t activation = MVQ_RELU, per_token = 0, top = 1;
  bool given = true;
  mvq_dropout dropout{77, 5, 0.5};
  float spoiled = 0;  // written here and there into the latents, base and target, if not 0
  int64_t spare = 0;  // floats behind the weights, which move them on the device
};

template <class T>
const T* pointer(const std::vector<T>& values) {
  return values.data();
}
template <class T>
const T* pointer(const DeviceArray<T>& values) {
  return values.data();
}

struct Result {
  Indices index;
  Floats loss;
  Words masks;
};

Floats spoil(Floats values, float with) {
  if (with != 0)
    for (size_t i = 3; i < values.size(); i += 17) values[i] = with;
  return values;
}

void check_selection(const Selection& s) {
  const int64_t outputs = s.width.back(), words = mvq::mask_words(s.c), layers = int64_t(s.width.size()) - 1;
  const int64_t entries = s.n * (s.per_token ? s.p * outputs / s.d : 1) * s.top;
  const Floats latents = spoil(s.draw(s.n * s.p * s.width[0]), s.spoiled),
               base = spoil(s.draw(s.n * s.p * outputs), s.spoiled);
  const Floats target = s.draw(s.n * s.p * outputs);
  const Words masks = random_words(s.n * s.h * words);
  std::vector<Floats> weight, bias;
  for (int64_t l = 0; l < layers; ++l) {
    weight.push_back(s.draw(s.width[l] * s.width[l + 1]));
    bias.push_back(s.draw(s.width[l + 1]));
  }
  mvq_select_hypothesis_args args{};
  args.n = s.n, args.p = s.p, args.c = s.c, args.h = s.h, args.d = s.d;
  args.winner_per_token = s.per_token, args.top = s.top, args.dropout = s.dropout;
  args.head.layers = int32_t(layers), args.head.activation = s.activation, args.head.slope = 0.125f;
  for (int64_t l = 0; l <= layers; ++l) args.head.width[l] = s.width[l];
  const auto point = [&](const auto& la, const auto& ba, const auto& ta, const auto& ma, auto weight_of, auto bias_of) {
    args.latents = pointer(la), args.base = pointer(ba), args.target = pointer(ta);
    args.masks = s.given ? pointer(ma) : nullptr;
    for (int64_t l = 0; l < layers; ++l)
      args.head.weight[l] = weight_of(l), args.head.bias[l] = l % 2 ? nullptr : bias_of(l);
  };

  Result expected{Indices(entries, -7), Floats(entries, -7), Words(entries * words, 7)};
  point(
      latents, base, target, masks, [&](auto l) { return weight[l].data(); }, [&](auto l) { return bias[l].data(); });
  args.index = expected.index.data(), args.loss = expected.loss.data(), args.winner_masks = expected.masks.data();
  run(*mvq::available_tiers().back(), &mvq::Tier::select_hypothesis, args, 1);

  on_some_devices([&](int64_t) {
    const DeviceArray<float> la(latents), ba(base), ta(target);
    const DeviceArray<uint64_t> ma(masks);
    std::vector<std::unique_ptr<DeviceArray<float>>> wa, bi;
    for (int64_t l = 0; l < layers; ++l) {
      Floats moved = weight[l];
      moved.resize(moved.size() + s.spare, NOT_A_NUMBER);
      wa.push_back(std::make_unique<DeviceArray<float>>(moved));
      bi.push_back(std::make_unique<DeviceArray<float>>(bias[l]));
    }
    point(
        la, ba, ta, ma, [&](auto l) { return wa[l]->data(); }, [&](auto l) { return bi[l]->data(); });
    DeviceArray<int64_t> index(entries);
    DeviceArray<float> loss(entries);
    DeviceArray<uint64_t> winner_masks(entries * words);
    args.index = index.data(), args.loss = loss.data(), args.winner_masks = winner_masks.data();
    run_cuda(mvq::cuda::select_hypothesis_workspace_bytes, mvq::cuda::select_hypothesis, args);
    CHECK(index.values() == expected.index);
    CHECK(winner_masks.values() == expected.masks);
    const Floats got = loss.values();
    for (int64_t i = 0; i < entries; ++i) CHECK(same_bits(got[i], expected.loss[i]));
    args.loss = nullptr, args.winner_masks = nullptr;
    run_cuda(mvq::cuda::select_hypothesis_workspace_bytes, mvq::cuda::select_hypothesis, args);
    CHECK(index.values() == expected.index);
  });
}

TEST(cudaWinnersAreThoseOfTheScalarTierAtEverySize) {
  for (int64_t size : {1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65}) {
    check_selection({2, 1, 9, size, 5, {9, 7, 5}});
    check_selection({1, 1, size, 17, 4, {size, 9, 4}});
    check_selection({1, 1, 4, 33, 9, {4, size, 9}});
    check_selection({1, 1, 4, 33, size, {4, 5, size}});
  }
}

TEST(cudaHeadsOfEveryWidthFindTheirRoom) {
  for (int64_t width : {127, 128, 129, 255, 256, 257, 300}) {
    check_selection({2, 1, 5, 35, 3, {5, width, 3}});
    check_selection({1, 1, width, 17, 2, {width, 6, 2}});
    check_selection({1, 1, 5, 40, width, {5, width}});
  }
}

TEST(cudaWeightsMayLieAtAnyAlignment) {
  for (int64_t spare : {0, 1, 2, 3})
    for (int64_t width :
         {16, 20, 35, 64, 68, 132, 256})  // whole vectors and not, whole slabs and not, a half of the block
      check_selection({1, 1, 8, 35, 4, {8, width, 4}, normal, MVQ_RELU, 0, 1, true, {}, 0, spare});
}

TEST(cudaHeadsOfOneToFourLayersWork) {
  for (int32_t activation : {MVQ_RELU, MVQ_LEAKY_RELU, MVQ_GELU})
    for (const std::vector<int64_t>& width : {std::vector<int64_t>{6, 3}, {6, 9, 3}, {6, 8, 17, 3}, {6, 7, 10, 9, 3}})
      check_selection({3, 1, 6, 65, 3, width, normal, activation});
}

TEST(cudaPositionsShareTheHeadAndTheMask) {
  for (bool given : {true, false})
    for (int32_t per_token : {0, 1})
      for (int32_t top : {1, 7}) check_selection({4, 3, 4, 50, 3, {12, 7, 6}, normal, MVQ_RELU, per_token, top, given});
  check_selection({2, 3, 40, 33, 3, {80, 7, 24}});  // several threads write what one has scored
}

TEST(cudaTopListsAreSortedAndCompleteAndTiesGoToTheLowest) {
  for (int32_t top : {1, 2, 16, 100, 130})
    check_selection({2, 1, 3, 130, 2, {3, 4, 2}, top % 3 ? small_integers : normal, MVQ_RELU, 0, top});
}

TEST(cudaDrawsTheMasksOfTheStream) {
  for (double keep : {0.0, 0.3, 0.5, 1.0})
    check_selection({3, 1, 150, 40, 4, {300, 4}, normal, MVQ_RELU, 0, 2, false, {9, int64_t{1} << 40, keep}});
}

TEST(cudaNanNeverWinsAndADroppedOneIsZero) {
  for (float spoiled : {NOT_A_NUMBER, INF, -INF})
    for (int32_t activation : {MVQ_RELU, MVQ_LEAKY_RELU, MVQ_GELU})
      check_selection({9, 2, 6, 70, 4, {6, 5, 4}, normal, activation, 1, 60, true, {}, spoiled});
}

TEST(noRowsAreNoWork) { check_selection({0, 1, 3, 4, 2, {3, 2}}); }

#ifdef MVQ_ON_GPU  // too much for host code
TEST(selectionsThatFillADeviceAreThoseOfTheScalarTier) {
  check_selection({256, 1, 32, 256, 64, {32, 128, 64}, normal, MVQ_RELU, 0, 2, false});
  check_selection({64, 4, 16, 100, 8, {32, 256, 64}, normal, MVQ_GELU, 1, 1, false});
  check_selection({40, 1, 33, 130, 20, {33, 300, 20}, normal, MVQ_LEAKY_RELU, 0, 1, true});
}
#endif

}  // namespace
