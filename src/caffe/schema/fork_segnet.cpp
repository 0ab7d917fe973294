#include "caffe/schema/tables.h"

namespace mo::caffe::schema {
namespace {

constexpr EnumValue bn_parameter_bn_mode_values[] = {{"LEARN", 0}, {"INFERENCE", 1}};

constexpr EnumDef enums[] = {
    {"BNParameter.BNMode", bn_parameter_bn_mode_values},
};

constexpr FieldDef layer_parameter_fields[] = {{45, "bn_param", "BNParameter"},
                                               {138, "dense_image_data_param", "DenseImageDataParameter"},
                                               {137, "upsample_param", "UpsampleParameter"}};
constexpr FieldDef loss_parameter_fields[] = {{3, "weight_by_label_freqs", "bool"},
                                              {4, "class_weighting", "float", repeated}};
constexpr FieldDef bn_parameter_fields[] = {{3, "bn_mode", "BNParameter.BNMode"},
                                            {1, "scale_filler", "FillerParameter", ignored},
                                            {2, "shift_filler", "FillerParameter", ignored}};
constexpr FieldDef dense_image_data_parameter_fields[] = {
    {1, "source", "string"}, {2, "batch_size", "uint32"},  {3, "rand_skip", "uint32"},
    {4, "shuffle", "bool"},  {5, "new_height", "uint32"},  {6, "new_width", "uint32"},
    {7, "is_color", "bool"}, {8, "mean_file", "string"},   {9, "root_folder", "string"},
    {10, "mirror", "bool"},  {11, "crop_width", "uint32"}, {12, "crop_height", "uint32"}};
constexpr FieldDef dropout_parameter_fields[] = {{2, "sample_weights_test", "bool", ignored}};
constexpr FieldDef upsample_parameter_fields[] = {{1, "scale", "uint32"},     {2, "scale_h", "uint32"},
                                                  {3, "scale_w", "uint32"},   {4, "pad_out_h", "bool"},
                                                  {5, "pad_out_w", "bool"},   {6, "upsample_h", "uint32"},
                                                  {7, "upsample_w", "uint32"}};

constexpr MessageDef messages[] = {
    {"LayerParameter", layer_parameter_fields},
    {"LossParameter", loss_parameter_fields},
    {"BNParameter", bn_parameter_fields},
    {"DenseImageDataParameter", dense_image_data_parameter_fields},
    {"DropoutParameter", dropout_parameter_fields},
    {"UpsampleParameter", upsample_parameter_fields},
};

}  // namespace

// SegNet.
Table fork_segnet() {
  return {messages, enums};
}

}  // namespace mo::caffe::schema
