#include "caffe/schema/tables.h"

namespace mo::caffe::schema {
namespace {

constexpr EnumValue bias_channel_parameter_label_type_values[] = {{"IMAGE", 1}, {"PIXEL", 2}};
constexpr EnumValue bn_parameter_engine_values[] = {{"DEFAULT", 0}, {"CAFFE", 1}, {"CUDNN", 2}};
constexpr EnumValue image_data_parameter_label_type_values[] = {{"NONE", 0}, {"IMAGE", 1}, {"PIXEL", 2}};
constexpr EnumValue seg_accuracy_parameter_accuracy_metric_values[] = {
    {"PixelAccuracy", 0}, {"ClassAccuracy", 1}, {"PixelIOU", 2}};

constexpr EnumDef enums[] = {
    {"BiasChannelParameter.LabelType", bias_channel_parameter_label_type_values},
    {"BNParameter.Engine", bn_parameter_engine_values},
    {"ImageDataParameter.LabelType", image_data_parameter_label_type_values},
    {"SegAccuracyParameter.AccuracyMetric", seg_accuracy_parameter_accuracy_metric_values},
};

constexpr FieldDef layer_parameter_fields[] = {
    {148, "adaptive_bias_channel_param", "AdaptiveBiasChannelParameter"},
    {152, "bn_param", "BNParameter"},
    {149, "bias_channel_param", "BiasChannelParameter"},
    {146, "dense_crf_param", "DenseCRFParameter"},
    {147, "domain_transform_param", "DomainTransformParameter"},
    {143, "interp_param", "InterpParameter"},
    {151, "mat_read_param", "MatReadParameter"},
    {145, "mat_write_param", "MatWriteParameter"},
    {144, "seg_accuracy_param", "SegAccuracyParameter"},
    {150, "unique_label_param", "UniqueLabelParameter"}};
constexpr FieldDef transformation_parameter_fields[] = {
    {8, "scale_factors", "float", repeated}, {9, "crop_width", "uint32"}, {10, "crop_height", "uint32"}};
constexpr FieldDef adaptive_bias_channel_parameter_fields[] = {{1, "num_iter", "int32"},
                                                               {2, "bg_portion", "float"},
                                                               {3, "fg_portion", "float"},
                                                               {4, "suppress_others", "bool"},
                                                               {5, "margin_others", "float"}};
constexpr FieldDef bias_channel_parameter_fields[] = {{1, "bg_bias", "float"},
                                                      {2, "fg_bias", "float"},
                                                      {3, "ignore_label", "int32", repeated},
                                                      {4, "label_type", "BiasChannelParameter.LabelType"},
                                                      {6, "background_label", "int32"}};
constexpr FieldDef batch_norm_parameter_fields[] = {{4, "update_global_stats", "bool"}};
constexpr FieldDef bn_parameter_fields[] = {{1, "slope_filler", "FillerParameter", ignored},
                                            {2, "bias_filler", "FillerParameter", ignored},
                                            {3, "momentum", "float", ignored},
                                            {4, "eps", "float"},
                                            {5, "frozen", "bool", ignored},
                                            {6, "engine", "BNParameter.Engine", ignored}};
constexpr FieldDef dense_crf_parameter_fields[] = {{1, "max_iter", "int32"},
                                                   {2, "pos_xy_std", "float", repeated},
                                                   {3, "pos_w", "float", repeated},
                                                   {4, "bi_xy_std", "float", repeated},
                                                   {5, "bi_rgb_std", "float", repeated},
                                                   {6, "bi_w", "float", repeated},
                                                   {7, "output_probability", "bool"}};
constexpr FieldDef domain_transform_parameter_fields[] = {{1, "num_iter", "int32"},
                                                          {2, "spatial_sigma", "float"},
                                                          {3, "range_sigma", "float"},
                                                          {4, "min_weight", "float"}};
constexpr FieldDef image_data_parameter_fields[] = {{15, "ignore_label", "int32"},
                                                    {16, "label_type", "ImageDataParameter.LabelType"}};
constexpr FieldDef interp_parameter_fields[] = {{1, "height", "int32"},      {2, "width", "int32"},
                                                {3, "zoom_factor", "int32"}, {4, "shrink_factor", "int32"},
                                                {5, "pad_beg", "int32"},     {6, "pad_end", "int32"}};
constexpr FieldDef mat_read_parameter_fields[] = {
    {1, "prefix", "string"}, {2, "source", "string"}, {3, "strip", "int32"}, {4, "batch_size", "int32"}};
constexpr FieldDef mat_write_parameter_fields[] = {
    {1, "prefix", "string"}, {2, "source", "string"}, {3, "strip", "int32"}, {4, "period", "int32"}};
constexpr FieldDef seg_accuracy_parameter_fields[] = {{1, "metric", "SegAccuracyParameter.AccuracyMetric"},
                                                      {2, "ignore_label", "int32", repeated},
                                                      {3, "reset", "bool"}};
constexpr FieldDef unique_label_parameter_fields[] = {{1, "max_labels", "int32"},
                                                      {2, "ignore_label", "int32", repeated},
                                                      {3, "force_label", "float", repeated}};

constexpr MessageDef messages[] = {
    {"LayerParameter", layer_parameter_fields},
    {"TransformationParameter", transformation_parameter_fields},
    {"AdaptiveBiasChannelParameter", adaptive_bias_channel_parameter_fields},
    {"BiasChannelParameter", bias_channel_parameter_fields},
    {"BatchNormParameter", batch_norm_parameter_fields},
    {"BNParameter", bn_parameter_fields},
    {"DenseCRFParameter", dense_crf_parameter_fields},
    {"DomainTransformParameter", domain_transform_parameter_fields},
    {"ImageDataParameter", image_data_parameter_fields},
    {"InterpParameter", interp_parameter_fields},
    {"MatReadParameter", mat_read_parameter_fields},
    {"MatWriteParameter", mat_write_parameter_fields},
    {"SegAccuracyParameter", seg_accuracy_parameter_fields},
    {"UniqueLabelParameter", unique_label_parameter_fields},
};

}  // namespace

// PSPNet and DeepLab.
Table fork_pspnet() {
  return {messages, enums};
}

}  // namespace mo::caffe::schema
