#include "caffe/layer_types.h"

#include <algorithm>
#include <array>

namespace mo::caffe {
namespace {

struct LayerType {
  std::uint64_t v1_number;
  std::string_view v2;
  std::string_view v1;
  std::string_view v0;  ///< empty: not in V0
};

constexpr std::array layer_types{
    LayerType{0, "", "NONE", ""},
    LayerType{1, "Accuracy", "ACCURACY", "accuracy"},
    LayerType{2, "BNLL", "BNLL", "bnll"},
    LayerType{3, "Concat", "CONCAT", "concat"},
    LayerType{4, "Convolution", "CONVOLUTION", "conv"},
    LayerType{5, "Data", "DATA", "data"},
    LayerType{6, "Dropout", "DROPOUT", "dropout"},
    LayerType{7, "EuclideanLoss", "EUCLIDEAN_LOSS", "euclidean_loss"},
    LayerType{8, "Flatten", "FLATTEN", "flatten"},
    LayerType{9, "HDF5Data", "HDF5_DATA", "hdf5_data"},
    LayerType{10, "HDF5Output", "HDF5_OUTPUT", "hdf5_output"},
    LayerType{11, "Im2col", "IM2COL", "im2col"},
    LayerType{12, "ImageData", "IMAGE_DATA", "images"},
    LayerType{13, "InfogainLoss", "INFOGAIN_LOSS", "infogain_loss"},
    LayerType{14, "InnerProduct", "INNER_PRODUCT", "innerproduct"},
    LayerType{15, "LRN", "LRN", "lrn"},
    LayerType{16, "MultinomialLogisticLoss", "MULTINOMIAL_LOGISTIC_LOSS", "multinomial_logistic_loss"},
    LayerType{17, "Pooling", "POOLING", "pool"},
    LayerType{18, "ReLU", "RELU", "relu"},
    LayerType{19, "Sigmoid", "SIGMOID", "sigmoid"},
    LayerType{20, "Softmax", "SOFTMAX", "softmax"},
    LayerType{21, "SoftmaxWithLoss", "SOFTMAX_LOSS", "softmax_loss"},
    LayerType{22, "Split", "SPLIT", "split"},
    LayerType{23, "TanH", "TANH", "tanh"},
    LayerType{24, "WindowData", "WINDOW_DATA", "window_data"},
    LayerType{25, "Eltwise", "ELTWISE", ""},
    LayerType{26, "Power", "POWER", ""},
    LayerType{27, "SigmoidCrossEntropyLoss", "SIGMOID_CROSS_ENTROPY_LOSS", ""},
    LayerType{28, "HingeLoss", "HINGE_LOSS", ""},
    LayerType{29, "MemoryData", "MEMORY_DATA", ""},
    LayerType{30, "ArgMax", "ARGMAX", ""},
    LayerType{31, "Threshold", "THRESHOLD", ""},
    LayerType{32, "DummyData", "DUMMY_DATA", ""},
    LayerType{33, "Slice", "SLICE", ""},
    LayerType{34, "MVN", "MVN", ""},
    LayerType{35, "AbsVal", "ABSVAL", ""},
    LayerType{36, "Silence", "SILENCE", ""},
    LayerType{37, "ContrastiveLoss", "CONTRASTIVE_LOSS", ""},
    LayerType{38, "Exp", "EXP", ""},
    LayerType{39, "Deconvolution", "DECONVOLUTION", ""},
    // Forks that never left V1.
    LayerType{40, "Crop", "CROP", ""},
};

}  // namespace

std::string v2_layer_type(std::string_view name) {
  const auto found = std::ranges::find_if(layer_types, [name](const LayerType& type) {
    return type.v1 == name || (!type.v0.empty() && type.v0 == name);
  });
  return std::string(found == layer_types.end() ? name : found->v2);
}

std::string v2_layer_type(std::uint64_t v1_number) {
  const auto found = std::ranges::find(layer_types, v1_number, &LayerType::v1_number);
  return found == layer_types.end() ? std::to_string(v1_number) : std::string(found->v2);
}

}  // namespace mo::caffe
