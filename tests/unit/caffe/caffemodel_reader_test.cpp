#include "caffe/caffemodel_reader.h"

#include <gtest/gtest.h>

#include "caffe/hdf5_reader.h"
#include "net_files.h"
#include "support/diagnostics.h"
#include "support/float16.h"

namespace mo::caffe {
namespace {

std::vector<WeightLayer> read(const std::string& bytes) {
  const TemporaryFile file(bytes);
  return read_weights(MappedFile::open(file.path()));
}

Diagnostic failure_of(const std::string& bytes) {
  try {
    read(bytes);
  } catch (const Failure& failure) {
    return failure.diagnostic();
  }
  ADD_FAILURE() << "accepted";
  return {};
}

Tensor read_one_blob(const std::string& blob) {
  return read(net_bytes({layer_bytes("l", "T", {blob})})).at(0).blobs.at(0);
}

using Values = std::vector<double>;

TEST(Caffemodel, ReadsPackedFloatsWithoutCopying) {
  const std::string bytes =
      net_bytes({layer_bytes("ip", "InnerProduct", {blob_bytes({2, 2}, {1, 2, 3, 4})})});
  const TemporaryFile path(bytes);
  const auto file = MappedFile::open(path.path());
  const auto layers = read_weights(file);
  ASSERT_EQ(layers.size(), 1U);
  EXPECT_EQ(layers[0].name, "ip");
  EXPECT_EQ(layers[0].type, "InnerProduct");
  const Tensor& blob = layers[0].blobs.at(0);
  EXPECT_EQ(blob.shape(), (Shape{2, 2}));
  EXPECT_EQ(blob.values(), (Values{1, 2, 3, 4}));
  EXPECT_GE(blob.bytes().data(), file->bytes().data());
  EXPECT_LE(blob.bytes().data() + 16, file->bytes().data() + file->bytes().size());
}

TEST(Caffemodel, TensorsOutliveTheFileHandle) {
  Tensor blob = read_one_blob(blob_bytes({3}, {1, 2, 3}));
  EXPECT_EQ(blob.values(), (Values{1, 2, 3}));
}

TEST(Caffemodel, ReadsUnpackedAndChunkedData) {
  std::string bytes;
  protozero::pbf_writer blob(bytes);
  blob.add_float(5, 1.5F);
  blob.add_float(5, 2.5F);
  const std::vector<float> more{3.5F, 4.5F};
  blob.add_packed_float(5, more.begin(), more.end());
  for (const std::uint32_t field : {1U, 2U, 3U}) blob.add_int32(field, 1);
  blob.add_int32(4, 4);
  const Tensor tensor = read_one_blob(bytes);
  EXPECT_EQ(tensor.shape(), (Shape{1, 1, 1, 4}));
  EXPECT_EQ(tensor.values(), (Values{1.5, 2.5, 3.5, 4.5}));
}

TEST(Caffemodel, ReadsDoublesAndRawHalves) {
  std::string doubles;
  const std::vector<double> values{0.1, -7};
  protozero::pbf_writer(doubles).add_packed_double(8, values.begin(), values.end());
  EXPECT_EQ(read_one_blob(doubles).type(), ElementType::f64);
  EXPECT_EQ(read_one_blob(doubles).values(), values);

  std::string raw;
  {
    protozero::pbf_writer blob(raw);
    const std::uint16_t halves[] = {float_to_half(0.5F), float_to_half(-3)};
    blob.add_enum(10, 2);
    blob.add_bytes(12, reinterpret_cast<const char*>(halves), sizeof(halves));
  }
  EXPECT_EQ(read_one_blob(raw).type(), ElementType::f16);
  EXPECT_EQ(read_one_blob(raw).values(), (Values{0.5, -3}));
  EXPECT_EQ(read_one_blob(raw).shape(), (Shape{2}));
}

TEST(Caffemodel, ReadsV1AndV0Layers) {
  std::string v1;
  {
    protozero::pbf_writer layer(v1);
    layer.add_string(4, "fc");
    layer.add_enum(5, 14);
    layer.add_message(6, blob_bytes({1}, {9}));
  }
  std::string v0;
  {
    std::string inner;
    protozero::pbf_writer layer(inner);
    layer.add_string(1, "old");
    layer.add_string(2, "conv");
    layer.add_message(50, blob_bytes({1}, {8}));
    protozero::pbf_writer(v0).add_message(1, inner);
  }
  const auto layers = read(net_bytes({v1, v0}, 2));
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[0].name, "fc");
  EXPECT_EQ(layers[0].type, "InnerProduct");
  EXPECT_EQ(layers[0].blobs.at(0).values(), Values{9});
  EXPECT_EQ(layers[1].name, "old");
  EXPECT_EQ(layers[1].type, "Convolution");
  EXPECT_EQ(layers[1].blobs.at(0).values(), Values{8});
}

TEST(Caffemodel, CountMustFitTheShape) {
  const Diagnostic wrong =
      failure_of(net_bytes({layer_bytes("a", "T", {}),
                            layer_bytes("l", "T", {blob_bytes({1}, {1}), blob_bytes({2, 3}, {1, 2})})}));
  EXPECT_EQ(wrong.code, &code::blob_size_mismatch);
  EXPECT_EQ(wrong.field, "layer[1].blobs[1]");
  EXPECT_NE(wrong.cause.find("[2, 3]"), std::string::npos);
  const std::int64_t large = std::int64_t{1} << 40;
  EXPECT_EQ(failure_of(net_bytes({layer_bytes("l", "T", {blob_bytes({large, large}, {1})})})).code,
            &code::blob_size_mismatch);
  EXPECT_EQ(failure_of(net_bytes({layer_bytes("l", "T", {blob_bytes({-1}, {1})})})).code,
            &code::damaged_caffemodel);
  EXPECT_EQ(failure_of(net_bytes({layer_bytes("l", "T", {blob_bytes(Shape(33, 1), {1})})})).code,
            &code::damaged_caffemodel);
}

TEST(Caffemodel, EveryTruncationIsReported) {
  const std::string whole = net_bytes({layer_bytes("l", "T", {blob_bytes({4}, {1, 2, 3, 4})})});
  for (std::size_t size = 6; size < whole.size(); ++size) {
    const Diagnostic diagnostic = failure_of(whole.substr(0, size));
    EXPECT_TRUE(diagnostic.code == &code::damaged_caffemodel || diagnostic.code == &code::not_a_net) << size;
  }
  const Diagnostic cut = failure_of(whole.substr(0, whole.size() - 3));
  EXPECT_EQ(cut.cause, "the file is truncated at byte " + std::to_string(whole.size() - 3) + " of at least " +
                           std::to_string(whole.size()));
}

TEST(Caffemodel, DamageInsideNamesThePlace) {
  std::string blob;
  protozero::pbf_writer(blob).add_bytes(5, "abc");  // no whole float
  const Diagnostic odd = failure_of(net_bytes({layer_bytes("l", "T", {blob})}));
  EXPECT_EQ(odd.code, &code::damaged_caffemodel);
  EXPECT_EQ(odd.field, "layer[0].blobs[0]");
  EXPECT_GT(odd.byte_offset, 0);
}

TEST(Caffemodel, WrongKindsOfFileAreNamed) {
  EXPECT_EQ(failure_of("layer { name: \"x\" }").code, &code::wrong_file_kind);
  EXPECT_EQ(failure_of("\x89HDF\r\n\x1a\n\1").code,
            !hdf5_version().empty() ? &code::damaged_caffemodel : &code::wrong_file_kind);
  const Diagnostic mean = failure_of(blob_bytes({1, 2}, {1, 2}));
  EXPECT_TRUE(mean.code == &code::wrong_file_kind || mean.code == &code::not_a_net);
  std::string legacy_mean("\x08\x01\x10\x03", 4);
  EXPECT_EQ(failure_of(legacy_mean).code, &code::wrong_file_kind);
}

}  // namespace
}  // namespace mo::caffe
