#include "caffe/schema/tables.h"

namespace mo::caffe::schema {
namespace {

constexpr EnumValue loss_parameter_normalization_mode_values[] = {
    {"FULL", 0}, {"VALID", 1}, {"BATCH_SIZE", 2}, {"NONE", 3}};
constexpr EnumValue data_parameter_db_values[] = {{"LEVELDB", 0}, {"LMDB", 1}};
constexpr EnumValue hinge_loss_parameter_norm_values[] = {{"L1", 1}, {"L2", 2}};

constexpr EnumDef enums[] = {
    {"LossParameter.NormalizationMode", loss_parameter_normalization_mode_values},
    {"DataParameter.DB", data_parameter_db_values},
    {"HingeLossParameter.Norm", hinge_loss_parameter_norm_values},
};

constexpr FieldDef transformation_parameter_fields[] = {{1, "scale", "float"},
                                                        {2, "mirror", "bool"},
                                                        {3, "crop_size", "uint32"},
                                                        {4, "mean_file", "string"},
                                                        {5, "mean_value", "float", repeated},
                                                        {6, "force_color", "bool"},
                                                        {7, "force_gray", "bool"}};
constexpr FieldDef loss_parameter_fields[] = {{1, "ignore_label", "int32"},
                                              {3, "normalization", "LossParameter.NormalizationMode"},
                                              {2, "normalize", "bool"}};
constexpr FieldDef accuracy_parameter_fields[] = {
    {1, "top_k", "uint32"}, {2, "axis", "int32"}, {3, "ignore_label", "int32"}};
constexpr FieldDef contrastive_loss_parameter_fields[] = {{1, "margin", "float"},
                                                          {2, "legacy_version", "bool"}};
constexpr FieldDef data_parameter_fields[] = {{1, "source", "string"},
                                              {4, "batch_size", "uint32"},
                                              {7, "rand_skip", "uint32"},
                                              {8, "backend", "DataParameter.DB"},
                                              {2, "scale", "float"},
                                              {3, "mean_file", "string"},
                                              {5, "crop_size", "uint32"},
                                              {6, "mirror", "bool"},
                                              {9, "force_encoded_color", "bool"},
                                              {10, "prefetch", "uint32"}};
constexpr FieldDef dummy_data_parameter_fields[] = {{1, "data_filler", "FillerParameter", repeated},
                                                    {6, "shape", "BlobShape", repeated},
                                                    {2, "num", "uint32", repeated},
                                                    {3, "channels", "uint32", repeated},
                                                    {4, "height", "uint32", repeated},
                                                    {5, "width", "uint32", repeated}};
constexpr FieldDef hdf5_data_parameter_fields[] = {
    {1, "source", "string"}, {2, "batch_size", "uint32"}, {3, "shuffle", "bool"}};
constexpr FieldDef hinge_loss_parameter_fields[] = {{1, "norm", "HingeLossParameter.Norm"}};
constexpr FieldDef image_data_parameter_fields[] = {
    {1, "source", "string"},    {4, "batch_size", "uint32"}, {7, "rand_skip", "uint32"},
    {8, "shuffle", "bool"},     {9, "new_height", "uint32"}, {10, "new_width", "uint32"},
    {11, "is_color", "bool"},   {2, "scale", "float"},       {3, "mean_file", "string"},
    {5, "crop_size", "uint32"}, {6, "mirror", "bool"},       {12, "root_folder", "string"}};
constexpr FieldDef infogain_loss_parameter_fields[] = {{1, "source", "string"}, {2, "axis", "int32"}};
constexpr FieldDef memory_data_parameter_fields[] = {
    {1, "batch_size", "uint32"}, {2, "channels", "uint32"}, {3, "height", "uint32"}, {4, "width", "uint32"}};
constexpr FieldDef window_data_parameter_fields[] = {
    {1, "source", "string"},       {2, "scale", "float"},        {3, "mean_file", "string"},
    {4, "batch_size", "uint32"},   {5, "crop_size", "uint32"},   {6, "mirror", "bool"},
    {7, "fg_threshold", "float"},  {8, "bg_threshold", "float"}, {9, "fg_fraction", "float"},
    {10, "context_pad", "uint32"}, {11, "crop_mode", "string"},  {12, "cache_images", "bool"},
    {13, "root_folder", "string"}};

constexpr MessageDef messages[] = {
    {"TransformationParameter", transformation_parameter_fields},
    {"LossParameter", loss_parameter_fields},
    {"AccuracyParameter", accuracy_parameter_fields},
    {"ContrastiveLossParameter", contrastive_loss_parameter_fields},
    {"DataParameter", data_parameter_fields},
    {"DummyDataParameter", dummy_data_parameter_fields},
    {"HDF5DataParameter", hdf5_data_parameter_fields},
    {"HingeLossParameter", hinge_loss_parameter_fields},
    {"ImageDataParameter", image_data_parameter_fields},
    {"InfogainLossParameter", infogain_loss_parameter_fields},
    {"MemoryDataParameter", memory_data_parameter_fields},
    {"WindowDataParameter", window_data_parameter_fields},
};

}  // namespace

// Parameters of data and loss layers.
Table bvlc_data_and_loss() {
  return {messages, enums};
}

}  // namespace mo::caffe::schema
