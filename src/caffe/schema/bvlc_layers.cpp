#include "caffe/schema/tables.h"

namespace mo::caffe::schema {
namespace {

constexpr EnumValue convolution_parameter_engine_values[] = {{"DEFAULT", 0}, {"CAFFE", 1}, {"CUDNN", 2}};
constexpr EnumValue eltwise_parameter_eltwise_op_values[] = {{"PROD", 0}, {"SUM", 1}, {"MAX", 2}};
constexpr EnumValue lrn_parameter_norm_region_values[] = {{"ACROSS_CHANNELS", 0}, {"WITHIN_CHANNEL", 1}};
constexpr EnumValue lrn_parameter_engine_values[] = {{"DEFAULT", 0}, {"CAFFE", 1}, {"CUDNN", 2}};
constexpr EnumValue pooling_parameter_pool_method_values[] = {{"MAX", 0}, {"AVE", 1}, {"STOCHASTIC", 2}};
constexpr EnumValue pooling_parameter_engine_values[] = {{"DEFAULT", 0}, {"CAFFE", 1}, {"CUDNN", 2}};
constexpr EnumValue pooling_parameter_round_mode_values[] = {{"CEIL", 0}, {"FLOOR", 1}};
constexpr EnumValue reduction_parameter_reduction_op_values[] = {
    {"SUM", 1}, {"ASUM", 2}, {"SUMSQ", 3}, {"MEAN", 4}};
constexpr EnumValue re_lu_parameter_engine_values[] = {{"DEFAULT", 0}, {"CAFFE", 1}, {"CUDNN", 2}};
constexpr EnumValue sigmoid_parameter_engine_values[] = {{"DEFAULT", 0}, {"CAFFE", 1}, {"CUDNN", 2}};
constexpr EnumValue softmax_parameter_engine_values[] = {{"DEFAULT", 0}, {"CAFFE", 1}, {"CUDNN", 2}};
constexpr EnumValue tan_h_parameter_engine_values[] = {{"DEFAULT", 0}, {"CAFFE", 1}, {"CUDNN", 2}};
constexpr EnumValue spp_parameter_pool_method_values[] = {{"MAX", 0}, {"AVE", 1}, {"STOCHASTIC", 2}};
constexpr EnumValue spp_parameter_engine_values[] = {{"DEFAULT", 0}, {"CAFFE", 1}, {"CUDNN", 2}};

constexpr EnumDef enums[] = {
    {"ConvolutionParameter.Engine", convolution_parameter_engine_values},
    {"EltwiseParameter.EltwiseOp", eltwise_parameter_eltwise_op_values},
    {"LRNParameter.NormRegion", lrn_parameter_norm_region_values},
    {"LRNParameter.Engine", lrn_parameter_engine_values},
    {"PoolingParameter.PoolMethod", pooling_parameter_pool_method_values},
    {"PoolingParameter.Engine", pooling_parameter_engine_values},
    {"PoolingParameter.RoundMode", pooling_parameter_round_mode_values},
    {"ReductionParameter.ReductionOp", reduction_parameter_reduction_op_values},
    {"ReLUParameter.Engine", re_lu_parameter_engine_values},
    {"SigmoidParameter.Engine", sigmoid_parameter_engine_values},
    {"SoftmaxParameter.Engine", softmax_parameter_engine_values},
    {"TanHParameter.Engine", tan_h_parameter_engine_values},
    {"SPPParameter.PoolMethod", spp_parameter_pool_method_values},
    {"SPPParameter.Engine", spp_parameter_engine_values},
};

constexpr FieldDef arg_max_parameter_fields[] = {
    {1, "out_max_val", "bool"}, {2, "top_k", "uint32"}, {3, "axis", "int32"}};
constexpr FieldDef clip_parameter_fields[] = {{1, "min", "float"}, {2, "max", "float"}};
constexpr FieldDef concat_parameter_fields[] = {{2, "axis", "int32"}, {1, "concat_dim", "uint32"}};
constexpr FieldDef batch_norm_parameter_fields[] = {
    {1, "use_global_stats", "bool"}, {2, "moving_average_fraction", "float", ignored}, {3, "eps", "float"}};
constexpr FieldDef bias_parameter_fields[] = {
    {1, "axis", "int32"}, {2, "num_axes", "int32"}, {3, "filler", "FillerParameter", ignored}};
constexpr FieldDef convolution_parameter_fields[] = {{1, "num_output", "uint32"},
                                                     {2, "bias_term", "bool"},
                                                     {3, "pad", "uint32", repeated},
                                                     {4, "kernel_size", "uint32", repeated},
                                                     {6, "stride", "uint32", repeated},
                                                     {18, "dilation", "uint32", repeated},
                                                     {9, "pad_h", "uint32"},
                                                     {10, "pad_w", "uint32"},
                                                     {11, "kernel_h", "uint32"},
                                                     {12, "kernel_w", "uint32"},
                                                     {13, "stride_h", "uint32"},
                                                     {14, "stride_w", "uint32"},
                                                     {5, "group", "uint32"},
                                                     {7, "weight_filler", "FillerParameter", ignored},
                                                     {8, "bias_filler", "FillerParameter", ignored},
                                                     {15, "engine", "ConvolutionParameter.Engine", ignored},
                                                     {16, "axis", "int32"},
                                                     {17, "force_nd_im2col", "bool", ignored}};
constexpr FieldDef crop_parameter_fields[] = {{1, "axis", "int32"}, {2, "offset", "uint32", repeated}};
constexpr FieldDef dropout_parameter_fields[] = {{1, "dropout_ratio", "float", ignored}};
constexpr FieldDef eltwise_parameter_fields[] = {{1, "operation", "EltwiseParameter.EltwiseOp"},
                                                 {2, "coeff", "float", repeated},
                                                 {3, "stable_prod_grad", "bool", ignored}};
constexpr FieldDef elu_parameter_fields[] = {{1, "alpha", "float"}};
constexpr FieldDef embed_parameter_fields[] = {{1, "num_output", "uint32"},
                                               {2, "input_dim", "uint32"},
                                               {3, "bias_term", "bool"},
                                               {4, "weight_filler", "FillerParameter", ignored},
                                               {5, "bias_filler", "FillerParameter", ignored}};
constexpr FieldDef exp_parameter_fields[] = {
    {1, "base", "float"}, {2, "scale", "float"}, {3, "shift", "float"}};
constexpr FieldDef flatten_parameter_fields[] = {{1, "axis", "int32"}, {2, "end_axis", "int32"}};
constexpr FieldDef hdf5_output_parameter_fields[] = {{1, "file_name", "string"}};
constexpr FieldDef inner_product_parameter_fields[] = {{1, "num_output", "uint32"},
                                                       {2, "bias_term", "bool"},
                                                       {3, "weight_filler", "FillerParameter", ignored},
                                                       {4, "bias_filler", "FillerParameter", ignored},
                                                       {5, "axis", "int32"},
                                                       {6, "transpose", "bool"}};
constexpr FieldDef input_parameter_fields[] = {{1, "shape", "BlobShape", repeated}};
constexpr FieldDef log_parameter_fields[] = {
    {1, "base", "float"}, {2, "scale", "float"}, {3, "shift", "float"}};
constexpr FieldDef lrn_parameter_fields[] = {
    {1, "local_size", "uint32"}, {2, "alpha", "float"},
    {3, "beta", "float"},        {4, "norm_region", "LRNParameter.NormRegion"},
    {5, "k", "float"},           {6, "engine", "LRNParameter.Engine", ignored}};
constexpr FieldDef mvn_parameter_fields[] = {
    {1, "normalize_variance", "bool"}, {2, "across_channels", "bool"}, {3, "eps", "float"}};
constexpr FieldDef parameter_parameter_fields[] = {{1, "shape", "BlobShape"}};
constexpr FieldDef pooling_parameter_fields[] = {{1, "pool", "PoolingParameter.PoolMethod"},
                                                 {4, "pad", "uint32"},
                                                 {9, "pad_h", "uint32"},
                                                 {10, "pad_w", "uint32"},
                                                 {2, "kernel_size", "uint32"},
                                                 {5, "kernel_h", "uint32"},
                                                 {6, "kernel_w", "uint32"},
                                                 {3, "stride", "uint32"},
                                                 {7, "stride_h", "uint32"},
                                                 {8, "stride_w", "uint32"},
                                                 {11, "engine", "PoolingParameter.Engine", ignored},
                                                 {12, "global_pooling", "bool"},
                                                 {13, "round_mode", "PoolingParameter.RoundMode"}};
constexpr FieldDef power_parameter_fields[] = {
    {1, "power", "float"}, {2, "scale", "float"}, {3, "shift", "float"}};
constexpr FieldDef python_parameter_fields[] = {{1, "module", "string"},
                                                {2, "layer", "string"},
                                                {3, "param_str", "string"},
                                                {4, "share_in_parallel", "bool", ignored}};
constexpr FieldDef recurrent_parameter_fields[] = {{1, "num_output", "uint32"},
                                                   {2, "weight_filler", "FillerParameter", ignored},
                                                   {3, "bias_filler", "FillerParameter", ignored},
                                                   {4, "debug_info", "bool", ignored},
                                                   {5, "expose_hidden", "bool"}};
constexpr FieldDef reduction_parameter_fields[] = {
    {1, "operation", "ReductionParameter.ReductionOp"}, {2, "axis", "int32"}, {3, "coeff", "float"}};
constexpr FieldDef re_lu_parameter_fields[] = {{1, "negative_slope", "float"},
                                               {2, "engine", "ReLUParameter.Engine", ignored}};
constexpr FieldDef reshape_parameter_fields[] = {
    {1, "shape", "BlobShape"}, {2, "axis", "int32"}, {3, "num_axes", "int32"}};
constexpr FieldDef scale_parameter_fields[] = {{1, "axis", "int32"},
                                               {2, "num_axes", "int32"},
                                               {3, "filler", "FillerParameter", ignored},
                                               {4, "bias_term", "bool"},
                                               {5, "bias_filler", "FillerParameter", ignored}};
constexpr FieldDef sigmoid_parameter_fields[] = {{1, "engine", "SigmoidParameter.Engine", ignored}};
constexpr FieldDef slice_parameter_fields[] = {
    {3, "axis", "int32"}, {2, "slice_point", "uint32", repeated}, {1, "slice_dim", "uint32"}};
constexpr FieldDef softmax_parameter_fields[] = {{1, "engine", "SoftmaxParameter.Engine", ignored},
                                                 {2, "axis", "int32"}};
constexpr FieldDef swish_parameter_fields[] = {{1, "beta", "float"}};
constexpr FieldDef tan_h_parameter_fields[] = {{1, "engine", "TanHParameter.Engine", ignored}};
constexpr FieldDef tile_parameter_fields[] = {{1, "axis", "int32"}, {2, "tiles", "int32"}};
constexpr FieldDef threshold_parameter_fields[] = {{1, "threshold", "float"}};
constexpr FieldDef spp_parameter_fields[] = {{1, "pyramid_height", "uint32"},
                                             {2, "pool", "SPPParameter.PoolMethod"},
                                             {6, "engine", "SPPParameter.Engine", ignored}};
constexpr FieldDef p_re_lu_parameter_fields[] = {{1, "filler", "FillerParameter", ignored},
                                                 {2, "channel_shared", "bool"}};

constexpr MessageDef messages[] = {
    {"ArgMaxParameter", arg_max_parameter_fields},
    {"ClipParameter", clip_parameter_fields},
    {"ConcatParameter", concat_parameter_fields},
    {"BatchNormParameter", batch_norm_parameter_fields},
    {"BiasParameter", bias_parameter_fields},
    {"ConvolutionParameter", convolution_parameter_fields},
    {"CropParameter", crop_parameter_fields},
    {"DropoutParameter", dropout_parameter_fields},
    {"EltwiseParameter", eltwise_parameter_fields},
    {"ELUParameter", elu_parameter_fields},
    {"EmbedParameter", embed_parameter_fields},
    {"ExpParameter", exp_parameter_fields},
    {"FlattenParameter", flatten_parameter_fields},
    {"HDF5OutputParameter", hdf5_output_parameter_fields},
    {"InnerProductParameter", inner_product_parameter_fields},
    {"InputParameter", input_parameter_fields},
    {"LogParameter", log_parameter_fields},
    {"LRNParameter", lrn_parameter_fields},
    {"MVNParameter", mvn_parameter_fields},
    {"ParameterParameter", parameter_parameter_fields},
    {"PoolingParameter", pooling_parameter_fields},
    {"PowerParameter", power_parameter_fields},
    {"PythonParameter", python_parameter_fields},
    {"RecurrentParameter", recurrent_parameter_fields},
    {"ReductionParameter", reduction_parameter_fields},
    {"ReLUParameter", re_lu_parameter_fields},
    {"ReshapeParameter", reshape_parameter_fields},
    {"ScaleParameter", scale_parameter_fields},
    {"SigmoidParameter", sigmoid_parameter_fields},
    {"SliceParameter", slice_parameter_fields},
    {"SoftmaxParameter", softmax_parameter_fields},
    {"SwishParameter", swish_parameter_fields},
    {"TanHParameter", tan_h_parameter_fields},
    {"TileParameter", tile_parameter_fields},
    {"ThresholdParameter", threshold_parameter_fields},
    {"SPPParameter", spp_parameter_fields},
    {"PReLUParameter", p_re_lu_parameter_fields},
};

}  // namespace

// Parameters of the layers that compute.
Table bvlc_layers() {
  return {messages, enums};
}

}  // namespace mo::caffe::schema
