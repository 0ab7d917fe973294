#include "caffe/schema/tables.h"

namespace mo::caffe::schema {
namespace {

constexpr EnumValue filler_parameter_variance_norm_values[] = {{"FAN_IN", 0}, {"FAN_OUT", 1}, {"AVERAGE", 2}};
constexpr EnumValue phase_values[] = {{"TRAIN", 0}, {"TEST", 1}};
constexpr EnumValue param_spec_dim_check_mode_values[] = {{"STRICT", 0}, {"PERMISSIVE", 1}};

constexpr EnumDef enums[] = {
    {"FillerParameter.VarianceNorm", filler_parameter_variance_norm_values},
    {"Phase", phase_values},
    {"ParamSpec.DimCheckMode", param_spec_dim_check_mode_values},
};

constexpr FieldDef blob_shape_fields[] = {{1, "dim", "int64", repeated}};
constexpr FieldDef blob_proto_fields[] = {{7, "shape", "BlobShape"},
                                          {5, "data", "float", repeated},
                                          {6, "diff", "float", repeated},
                                          {8, "double_data", "double", repeated},
                                          {9, "double_diff", "double", repeated},
                                          {1, "num", "int32"},
                                          {2, "channels", "int32"},
                                          {3, "height", "int32"},
                                          {4, "width", "int32"}};
constexpr FieldDef filler_parameter_fields[] = {
    {1, "type", "string", ignored},  {2, "value", "float", ignored},
    {3, "min", "float", ignored},    {4, "max", "float", ignored},
    {5, "mean", "float", ignored},   {6, "std", "float", ignored},
    {7, "sparse", "int32", ignored}, {8, "variance_norm", "FillerParameter.VarianceNorm", ignored}};
constexpr FieldDef net_parameter_fields[] = {{1, "name", "string"},
                                             {3, "input", "string", repeated},
                                             {8, "input_shape", "BlobShape", repeated},
                                             {4, "input_dim", "int32", repeated},
                                             {5, "force_backward", "bool", ignored},
                                             {6, "state", "NetState"},
                                             {7, "debug_info", "bool", ignored},
                                             {100, "layer", "LayerParameter", repeated},
                                             {2, "layers", "V1LayerParameter", repeated}};
constexpr FieldDef net_state_fields[] = {
    {1, "phase", "Phase"}, {2, "level", "int32"}, {3, "stage", "string", repeated}};
constexpr FieldDef net_state_rule_fields[] = {{1, "phase", "Phase"},
                                              {2, "min_level", "int32"},
                                              {3, "max_level", "int32"},
                                              {4, "stage", "string", repeated},
                                              {5, "not_stage", "string", repeated}};
constexpr FieldDef param_spec_fields[] = {{1, "name", "string", ignored},
                                          {2, "share_mode", "ParamSpec.DimCheckMode", ignored},
                                          {3, "lr_mult", "float", ignored},
                                          {4, "decay_mult", "float", ignored}};
constexpr FieldDef layer_parameter_fields[] = {{1, "name", "string", common},
                                               {2, "type", "string", common},
                                               {3, "bottom", "string", repeated | common},
                                               {4, "top", "string", repeated | common},
                                               {10, "phase", "Phase", ignored},
                                               {5, "loss_weight", "float", repeated | ignored},
                                               {6, "param", "ParamSpec", repeated | ignored},
                                               {7, "blobs", "BlobProto", repeated | common},
                                               {11, "propagate_down", "bool", repeated | ignored},
                                               {8, "include", "NetStateRule", repeated | common},
                                               {9, "exclude", "NetStateRule", repeated | common},
                                               {100, "transform_param", "TransformationParameter"},
                                               {101, "loss_param", "LossParameter", ignored},
                                               {102, "accuracy_param", "AccuracyParameter"},
                                               {103, "argmax_param", "ArgMaxParameter"},
                                               {139, "batch_norm_param", "BatchNormParameter"},
                                               {141, "bias_param", "BiasParameter"},
                                               {148, "clip_param", "ClipParameter"},
                                               {104, "concat_param", "ConcatParameter"},
                                               {105, "contrastive_loss_param", "ContrastiveLossParameter"},
                                               {106, "convolution_param", "ConvolutionParameter"},
                                               {144, "crop_param", "CropParameter"},
                                               {107, "data_param", "DataParameter"},
                                               {108, "dropout_param", "DropoutParameter"},
                                               {109, "dummy_data_param", "DummyDataParameter"},
                                               {110, "eltwise_param", "EltwiseParameter"},
                                               {140, "elu_param", "ELUParameter"},
                                               {137, "embed_param", "EmbedParameter"},
                                               {111, "exp_param", "ExpParameter"},
                                               {135, "flatten_param", "FlattenParameter"},
                                               {112, "hdf5_data_param", "HDF5DataParameter"},
                                               {113, "hdf5_output_param", "HDF5OutputParameter"},
                                               {114, "hinge_loss_param", "HingeLossParameter"},
                                               {115, "image_data_param", "ImageDataParameter"},
                                               {116, "infogain_loss_param", "InfogainLossParameter", ignored},
                                               {117, "inner_product_param", "InnerProductParameter"},
                                               {143, "input_param", "InputParameter"},
                                               {134, "log_param", "LogParameter"},
                                               {118, "lrn_param", "LRNParameter"},
                                               {119, "memory_data_param", "MemoryDataParameter"},
                                               {120, "mvn_param", "MVNParameter"},
                                               {145, "parameter_param", "ParameterParameter"},
                                               {121, "pooling_param", "PoolingParameter"},
                                               {122, "power_param", "PowerParameter"},
                                               {131, "prelu_param", "PReLUParameter"},
                                               {130, "python_param", "PythonParameter"},
                                               {146, "recurrent_param", "RecurrentParameter"},
                                               {136, "reduction_param", "ReductionParameter"},
                                               {123, "relu_param", "ReLUParameter"},
                                               {133, "reshape_param", "ReshapeParameter"},
                                               {142, "scale_param", "ScaleParameter"},
                                               {124, "sigmoid_param", "SigmoidParameter"},
                                               {125, "softmax_param", "SoftmaxParameter"},
                                               {132, "spp_param", "SPPParameter"},
                                               {126, "slice_param", "SliceParameter"},
                                               {147, "swish_param", "SwishParameter"},
                                               {127, "tanh_param", "TanHParameter"},
                                               {128, "threshold_param", "ThresholdParameter"},
                                               {138, "tile_param", "TileParameter"},
                                               {129, "window_data_param", "WindowDataParameter"}};

constexpr MessageDef messages[] = {
    {"BlobShape", blob_shape_fields},
    {"BlobProto", blob_proto_fields},
    {"FillerParameter", filler_parameter_fields},
    {"NetParameter", net_parameter_fields},
    {"NetState", net_state_fields},
    {"NetStateRule", net_state_rule_fields},
    {"ParamSpec", param_spec_fields},
    {"LayerParameter", layer_parameter_fields},
};

}  // namespace

// NetParameter and LayerParameter of BVLC Caffe.
Table bvlc_net() {
  return {messages, enums};
}

}  // namespace mo::caffe::schema
