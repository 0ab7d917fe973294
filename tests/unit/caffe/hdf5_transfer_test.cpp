#include "caffe/hdf5_transfer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace mo::caffe {
namespace {

std::shared_ptr<const MappedFile> file_of_floats(const std::vector<float>& values) {
  std::string bytes(values.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return MappedFile::in_memory("weights.h5", std::move(bytes));
}

/// A layer whose first blob lies in the file, and one whose blob does not.
std::vector<WeightLayer> layers_of(const std::shared_ptr<const MappedFile>& file) {
  std::vector<WeightLayer> layers(2);
  layers[0].name = "conv/1";
  layers[0].blobs.push_back(Tensor::in_file({2, 3}, ElementType::f32, file->bytes().subspan(4, 24), file));
  layers[0].blobs.push_back(Tensor::of(Shape{2}, std::vector<float>{7, 8}));
  layers[1].name = "empty";
  layers[1].blobs.push_back(Tensor::of(Shape{0, 5}, std::vector<float>{}));
  return layers;
}

TEST(Hdf5Transfer, GivesTheSameLayers) {
  const auto file = file_of_floats({0, 1, 2, 3, 4, 5, 6, 9});
  const std::vector<WeightLayer> layers = unpack(pack(layers_of(file), *file), file);
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[0].name, "conv/1");
  ASSERT_EQ(layers[0].blobs.size(), 2U);
  EXPECT_EQ(layers[0].blobs[0].shape(), (Shape{2, 3}));
  EXPECT_EQ(layers[0].blobs[0].values(), (std::vector<double>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(layers[0].blobs[0].file(), file.get()) << "what lies in the file stays there";
  EXPECT_EQ(layers[0].blobs[1].values(), (std::vector<double>{7, 8}));
  EXPECT_EQ(layers[1].name, "empty");
  EXPECT_EQ(layers[1].blobs.at(0).shape(), (Shape{0, 5}));
}

TEST(Hdf5Transfer, TakesNoPartForTheWhole) {
  const auto file = file_of_floats({0, 1, 2, 3, 4, 5, 6, 9});
  const std::string packed = pack(layers_of(file), *file);
  const std::size_t first = pack({layers_of(file)[0]}, *file).size();
  for (std::size_t size = 1; size < packed.size(); ++size)
    EXPECT_EQ(unpack(packed.substr(0, size), file).size(), size == first ? 1U : 0U) << size << " bytes";
}

TEST(Hdf5Transfer, TakesNothingBeyondTheFile) {
  const auto file = file_of_floats({0, 1, 2, 3, 4, 5, 6, 9});
  const std::string packed = pack(layers_of(file), *file);
  EXPECT_TRUE(unpack(packed, file_of_floats({0, 1, 2, 3, 4, 5})).empty());
}

}  // namespace
}  // namespace mo::caffe
