#include "caffe/schema/tables.h"

namespace mo::caffe::schema {
namespace {

constexpr EnumValue mish_parameter_engine_values[] = {{"DEFAULT", 0}, {"CAFFE", 1}, {"CUDNN", 2}};
constexpr EnumValue correlation_parameter_correlation_type_values[] = {{"MULTIPLY", 0}, {"SUBTRACT", 1}};
constexpr EnumValue resample_parameter_resample_type_values[] = {
    {"NEAREST", 1}, {"LINEAR", 2}, {"CUBIC", 3}, {"AREA", 4}};
constexpr EnumValue flow_warp_parameter_fill_parameter_values[] = {{"ZERO", 1}, {"NOT_A_NUMBER", 2}};

constexpr EnumDef enums[] = {
    {"MishParameter.Engine", mish_parameter_engine_values},
    {"CorrelationParameter.CorrelationType", correlation_parameter_correlation_type_values},
    {"ResampleParameter.ResampleType", resample_parameter_resample_type_values},
    {"FlowWarpParameter.FillParameter", flow_warp_parameter_fill_parameter_values},
};

constexpr FieldDef proposal_parameter_fields[] = {
    {1, "feat_stride", "uint32"},    {2, "base_size", "uint32"},      {3, "min_size", "uint32"},
    {4, "ratio", "float", repeated}, {5, "scale", "float", repeated}, {6, "pre_nms_topn", "uint32"},
    {7, "post_nms_topn", "uint32"},  {8, "nms_thresh", "float"}};
constexpr FieldDef psroi_pooling_parameter_fields[] = {
    {1, "spatial_scale", "float"}, {2, "output_dim", "int32"}, {3, "group_size", "int32"}};
constexpr FieldDef roi_pooling_parameter_fields[] = {
    {1, "pooled_h", "uint32"}, {2, "pooled_w", "uint32"}, {3, "spatial_scale", "float"}};
constexpr FieldDef roi_warping_parameter_fields[] = {
    {1, "pooled_h", "uint32"}, {2, "pooled_w", "uint32"}, {3, "spatial_scale", "float"}};
constexpr FieldDef smooth_l1_loss_parameter_fields[] = {{1, "sigma", "float"}};
constexpr FieldDef box_annotator_ohem_parameter_fields[] = {{1, "roi_per_img", "uint32"},
                                                            {2, "ignore_label", "int32"}};
constexpr FieldDef ctc_decoder_parameter_fields[] = {{1, "blank_index", "int32"},
                                                     {2, "ctc_merge_repeated", "bool"}};
constexpr FieldDef ctc_loss_parameter_fields[] = {{1, "output_delay", "int32"},
                                                  {2, "blank_index", "int32"},
                                                  {3, "preprocess_collapse_repeated", "bool"},
                                                  {4, "ctc_merge_repeated", "bool"},
                                                  {5, "loss_calculation_t", "int32"}};
constexpr FieldDef reverse_parameter_fields[] = {{1, "axis", "int32"}};
constexpr FieldDef grn_parameter_fields[] = {{1, "bias", "float"}};
constexpr FieldDef re_lu6_parameter_fields[] = {{1, "n", "float"}};
constexpr FieldDef region_yolo_parameter_fields[] = {
    {1, "coords", "int32"},    {2, "classes", "int32"},           {3, "num", "int32"},
    {4, "do_softmax", "bool"}, {5, "anchors", "float", repeated}, {6, "mask", "int32", repeated}};
constexpr FieldDef reorg_yolo_parameter_fields[] = {{1, "stride", "int32"}};
constexpr FieldDef reorg_parameter_fields[] = {{1, "stride", "uint32"}, {2, "reverse", "bool"}};
constexpr FieldDef region_parameter_fields[] = {{1, "coords", "uint32"},
                                                {2, "classes", "uint32"},
                                                {3, "num", "uint32"},
                                                {4, "anchors", "float", repeated},
                                                {0, "softmax", "bool"}};
constexpr FieldDef spatial_transformer_parameter_fields[] = {
    {1, "transform_type", "string"}, {2, "sampler_type", "string"}, {3, "output_H", "int32"},
    {4, "output_W", "int32"},        {5, "to_compute_dU", "bool"},  {6, "theta_1_1", "double"},
    {7, "theta_1_2", "double"},      {8, "theta_1_3", "double"},    {9, "theta_2_1", "double"},
    {10, "theta_2_2", "double"},     {11, "theta_2_3", "double"},   {12, "de_transform", "bool"}};
constexpr FieldDef power_file_parameter_fields[] = {{1, "shift_file", "string"}};
constexpr FieldDef st_loss_parameter_fields[] = {{1, "output_H", "int32"}, {2, "output_W", "int32"}};
constexpr FieldDef loc_loss_parameter_fields[] = {{1, "threshold", "double"}};
constexpr FieldDef channel_permutation_action_fields[] = {
    {1, "chan", "uint32"}, {2, "copy", "uint32"}, {3, "fill", "float"}};
constexpr FieldDef channel_permutation_parameter_fields[] = {
    {1, "action", "ChannelPermutationAction", repeated},
    {16, "num_output", "uint32"},
    {17, "inplace_possible", "bool"},
    {18, "version", "int32"}};
constexpr FieldDef cosine_similarity_batch_parameter_fields[] = {{1, "pos_label", "double"},
                                                                 {2, "neg_label", "double"}};
constexpr FieldDef random_sampling_softmax_loss_parameter_fields[] = {
    {1, "random_sampling_num", "int32"}, {2, "random_sampling_policy", "string"}};
constexpr FieldDef shuffle_channel_parameter_fields[] = {{1, "group", "uint32"}};
constexpr FieldDef mish_parameter_fields[] = {{2, "engine", "MishParameter.Engine", ignored}};
constexpr FieldDef correlation_parameter_fields[] = {
    {2, "pad", "uint32"},
    {3, "kernel_size", "uint32"},
    {4, "max_displacement", "uint32"},
    {5, "stride_1", "uint32"},
    {6, "stride_2", "uint32"},
    {7, "single_direction", "bool"},
    {8, "do_abs", "bool"},
    {15, "correlation_type", "CorrelationParameter.CorrelationType"}};
constexpr FieldDef resample_parameter_fields[] = {{4, "antialias", "bool"},
                                                  {1, "width", "uint32"},
                                                  {2, "height", "uint32"},
                                                  {3, "type", "ResampleParameter.ResampleType"},
                                                  {5, "factor", "float"}};
constexpr FieldDef flow_warp_parameter_fields[] = {{1, "fill_value", "FlowWarpParameter.FillParameter"}};
constexpr FieldDef accum_parameter_fields[] = {{1, "top_height", "uint32"},
                                               {2, "top_width", "uint32"},
                                               {3, "size_divisible_by", "uint32"},
                                               {4, "have_reference", "bool"}};
constexpr FieldDef simpler_nms_parameter_fields[] = {
    {0, "cls_threshold", "float"}, {0, "max_num_proposals", "int32"}, {0, "iou_threshold", "float"},
    {0, "min_bbox_size", "int32"}, {0, "feat_stride", "int32"},       {0, "pre_nms_topn", "int32"},
    {0, "post_nms_topn", "int32"}, {0, "scale", "float", repeated}};
constexpr FieldDef upsample_darknet_parameter_fields[] = {{0, "stride", "uint32"}};
// What forks of SSD add: RefineDet's objectness, boxes in pixels.
constexpr FieldDef detection_output_parameter_fields[] = {{0, "objectness_score", "float"},
                                                          {0, "normalized", "bool"},
                                                          {0, "input_height", "uint32"},
                                                          {0, "input_width", "uint32"}};
constexpr FieldDef pooling_parameter_fields[] = {{13, "ceil_mode", "bool"}};
constexpr FieldDef crop_parameter_fields[] = {{3, "dimsize", "uint32", repeated}};
constexpr FieldDef filler_parameter_fields[] = {{9, "file", "string", ignored},
                                                {10, "diag_val", "float", repeated | ignored}};
constexpr FieldDef net_parameter_fields[] = {
    {9, "profile_info", "bool"}, {10, "profile_iter", "int32"}, {11, "profile_warmup", "int32"}};
constexpr FieldDef prior_box_parameter_fields[] = {{14, "width", "float", repeated},
                                                   {15, "height", "float", repeated}};
constexpr FieldDef dropout_parameter_fields[] = {{3, "scale_train", "bool", ignored}};
constexpr FieldDef batch_norm_parameter_fields[] = {{0, "add_eps_before_sqrt", "bool"}};
constexpr FieldDef layer_parameter_fields[] = {
    {207, "psroi_pooling_param", "PSROIPoolingParameter"},
    {208, "roi_pooling_param", "ROIPoolingParameter"},
    {205, "roi_warping_param", "ROIWarpingParameter"},
    {209, "smooth_l1_loss_param", "SmoothL1LossParameter"},
    {210, "box_annotator_ohem_param", "BoxAnnotatorOHEMParameter"},
    {213, "grn_param", "GRNParameter"},
    {214, "region_yolo_param", "RegionYoloParameter"},
    {215, "reorg_yolo_param", "ReorgYoloParameter"},
    {216, "relu6_param", "ReLU6Parameter"},
    {217, "interp_param", "InterpParameter"},
    {201, "proposal_param", "ProposalParameter"},
    {202, "cosine_similarity_batch_param", "CosineSimilarityBatchParameter"},
    {203, "rss_loss_param", "RandomSamplingSoftmaxLossParameter"},
    {204, "norm_param", "NormalizeParameter"},
    {211, "detection_output_param", "DetectionOutputParameter"},
    {212, "prior_box_param", "PriorBoxParameter"},
    {154, "permute_param", "PermuteParameter"},
    {150, "st_param", "SpatialTransformerParameter"},
    {151, "st_loss_param", "STLossParameter"},
    {152, "power_file_param", "PowerFileParameter"},
    {153, "loc_loss_param", "LocLossParameter"},
    {149, "ctc_decoder_param", "CTCDecoderParameter"},
    {148, "ctc_loss_param", "CTCLossParameter"},
    {147, "reverse_param", "ReverseParameter"},
    {8082, "channel_permutation_param", "ChannelPermutationParameter"},
    {149, "upsample_param", "UpsampleParameter"},
    {150, "mish_param", "MishParameter"},
    {164, "shuffle_channel_param", "ShuffleChannelParameter"},
    {159, "reorg_param", "ReorgParameter"},
    {0, "region_param", "RegionParameter"},
    {0, "simpler_nms_param", "SimplerNMSParameter"},
    {0, "upsample_darknet_param", "UpsampleDarknetParameter"},
    {137, "bn_param", "BNParameter"},
    {219, "correlation_param", "CorrelationParameter"},
    {220, "resample_param", "ResampleParameter"},
    {221, "flow_warp_param", "FlowWarpParameter"},
    {222, "accum_param", "AccumParameter"}};

constexpr MessageDef messages[] = {
    {"ProposalParameter", proposal_parameter_fields},
    {"PSROIPoolingParameter", psroi_pooling_parameter_fields},
    {"ROIPoolingParameter", roi_pooling_parameter_fields},
    {"ROIWarpingParameter", roi_warping_parameter_fields},
    {"SmoothL1LossParameter", smooth_l1_loss_parameter_fields},
    {"BoxAnnotatorOHEMParameter", box_annotator_ohem_parameter_fields},
    {"CTCDecoderParameter", ctc_decoder_parameter_fields},
    {"CTCLossParameter", ctc_loss_parameter_fields},
    {"ReverseParameter", reverse_parameter_fields},
    {"GRNParameter", grn_parameter_fields},
    {"ReLU6Parameter", re_lu6_parameter_fields},
    {"RegionYoloParameter", region_yolo_parameter_fields},
    {"ReorgYoloParameter", reorg_yolo_parameter_fields},
    {"ReorgParameter", reorg_parameter_fields},
    {"RegionParameter", region_parameter_fields},
    {"SpatialTransformerParameter", spatial_transformer_parameter_fields},
    {"PowerFileParameter", power_file_parameter_fields},
    {"STLossParameter", st_loss_parameter_fields},
    {"LocLossParameter", loc_loss_parameter_fields},
    {"ChannelPermutationAction", channel_permutation_action_fields},
    {"ChannelPermutationParameter", channel_permutation_parameter_fields},
    {"CosineSimilarityBatchParameter", cosine_similarity_batch_parameter_fields},
    {"RandomSamplingSoftmaxLossParameter", random_sampling_softmax_loss_parameter_fields},
    {"ShuffleChannelParameter", shuffle_channel_parameter_fields},
    {"MishParameter", mish_parameter_fields},
    {"CorrelationParameter", correlation_parameter_fields},
    {"ResampleParameter", resample_parameter_fields},
    {"FlowWarpParameter", flow_warp_parameter_fields},
    {"AccumParameter", accum_parameter_fields},
    {"SimplerNMSParameter", simpler_nms_parameter_fields},
    {"UpsampleDarknetParameter", upsample_darknet_parameter_fields},
    {"DetectionOutputParameter", detection_output_parameter_fields},
    {"PoolingParameter", pooling_parameter_fields},
    {"CropParameter", crop_parameter_fields},
    {"FillerParameter", filler_parameter_fields},
    {"NetParameter", net_parameter_fields},
    {"PriorBoxParameter", prior_box_parameter_fields},
    {"DropoutParameter", dropout_parameter_fields},
    {"BatchNormParameter", batch_norm_parameter_fields},
    {"LayerParameter", layer_parameter_fields},
};

}  // namespace

// R-CNN descendants, YOLO, FlowNet2, OpenVINO and more.
Table fork_others() {
  return {messages, enums};
}

}  // namespace mo::caffe::schema
