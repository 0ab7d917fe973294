#include "caffe/schema/tables.h"

namespace mo::caffe::schema {
namespace {

constexpr EnumValue type_values[] = {{"DOUBLE", 0}, {"FLOAT", 1}, {"FLOAT16", 2},
                                     {"INT", 3},    {"UINT", 4},  {"BOOL", 5}};
constexpr EnumValue emit_constraint_emit_type_values[] = {{"CENTER", 0}, {"MIN_OVERLAP", 1}};
constexpr EnumValue transformation_parameter_interpolation_algo_values[] = {
    {"INTER_NEAREST", 0}, {"INTER_LINEAR", 1}, {"INTER_CUBIC", 2}, {"INTER_AREA", 3}};
constexpr EnumValue packing_values[] = {{"NCHW", 0}, {"NHWC", 1}};
constexpr EnumValue detect_net_ground_truth_parameter_gridbox_type_values[] = {{"GRIDBOX_MAX", 0},
                                                                               {"GRIDBOX_MIN", 1}};
constexpr EnumValue detect_net_ground_truth_parameter_coverage_type_values[] = {{"RECTANGULAR", 0}};
constexpr EnumValue resize_parameter_resize_mode_values[] = {
    {"WARP", 1}, {"FIT_SMALL_SIZE", 2}, {"FIT_LARGE_SIZE_AND_PAD", 3}};
constexpr EnumValue resize_parameter_pad_mode_values[] = {
    {"CONSTANT", 1}, {"MIRRORED", 2}, {"REPEAT_NEAREST", 3}};
constexpr EnumValue resize_parameter_interp_mode_values[] = {
    {"LINEAR", 1}, {"AREA", 2}, {"NEAREST", 3}, {"CUBIC", 4}, {"LANCZOS4", 5}};
constexpr EnumValue annotated_datum_annotation_type_values[] = {{"BBOX", 0}};
constexpr EnumValue batch_norm_parameter_engine_values[] = {{"DEFAULT", 0}, {"CAFFE", 1}, {"CUDNN", 2}};
constexpr EnumValue convolution_parameter_cu_dnn_convolution_algorithm_seeker_values[] = {{"GET", 0},
                                                                                          {"FINDEX", 1}};
constexpr EnumValue prior_box_parameter_code_type_values[] = {
    {"CORNER", 1}, {"CENTER_SIZE", 2}, {"CORNER_SIZE", 3}};
constexpr EnumValue dropout_parameter_engine_values[] = {{"DEFAULT", 0}, {"CAFFE", 1}, {"CUDNN", 2}};
constexpr EnumValue multi_box_loss_parameter_loc_loss_type_values[] = {{"L2", 0}, {"SMOOTH_L1", 1}};
constexpr EnumValue multi_box_loss_parameter_conf_loss_type_values[] = {{"SOFTMAX", 0}, {"LOGISTIC", 1}};
constexpr EnumValue multi_box_loss_parameter_match_type_values[] = {{"BIPARTITE", 0}, {"PER_PREDICTION", 1}};
constexpr EnumValue multi_box_loss_parameter_mining_type_values[] = {
    {"NONE", 0}, {"MAX_NEGATIVE", 1}, {"HARD_EXAMPLE", 2}};
constexpr EnumValue trt_parameter_trt_mode_values[] = {{"FP32", 0}, {"FP16", 1}, {"INT8", 2}};
constexpr EnumValue video_data_parameter_video_type_values[] = {{"WEBCAM", 0}, {"VIDEO", 1}};

constexpr EnumDef enums[] = {
    {"Type", type_values},
    {"EmitConstraint.EmitType", emit_constraint_emit_type_values},
    {"TransformationParameter.InterpolationAlgo", transformation_parameter_interpolation_algo_values},
    {"Packing", packing_values},
    {"DetectNetGroundTruthParameter.GridboxType", detect_net_ground_truth_parameter_gridbox_type_values},
    {"DetectNetGroundTruthParameter.CoverageType", detect_net_ground_truth_parameter_coverage_type_values},
    {"ResizeParameter.Resize_mode", resize_parameter_resize_mode_values},
    {"ResizeParameter.Pad_mode", resize_parameter_pad_mode_values},
    {"ResizeParameter.Interp_mode", resize_parameter_interp_mode_values},
    {"AnnotatedDatum.AnnotationType", annotated_datum_annotation_type_values},
    {"BatchNormParameter.Engine", batch_norm_parameter_engine_values},
    {"ConvolutionParameter.CuDNNConvolutionAlgorithmSeeker",
     convolution_parameter_cu_dnn_convolution_algorithm_seeker_values},
    {"PriorBoxParameter.CodeType", prior_box_parameter_code_type_values},
    {"DropoutParameter.Engine", dropout_parameter_engine_values},
    {"MultiBoxLossParameter.LocLossType", multi_box_loss_parameter_loc_loss_type_values},
    {"MultiBoxLossParameter.ConfLossType", multi_box_loss_parameter_conf_loss_type_values},
    {"MultiBoxLossParameter.MatchType", multi_box_loss_parameter_match_type_values},
    {"MultiBoxLossParameter.MiningType", multi_box_loss_parameter_mining_type_values},
    {"TRTParameter.TRTMode", trt_parameter_trt_mode_values},
    {"VideoDataParameter.VideoType", video_data_parameter_video_type_values},
};

constexpr FieldDef blob_proto_fields[] = {{10, "raw_data_type", "Type"},
                                          {11, "raw_diff_type", "Type"},
                                          {12, "raw_data", "bytes"},
                                          {13, "raw_diff", "bytes"}};
constexpr FieldDef sampler_fields[] = {{1, "min_scale", "float"},
                                       {2, "max_scale", "float"},
                                       {3, "min_aspect_ratio", "float"},
                                       {4, "max_aspect_ratio", "float"}};
constexpr FieldDef sample_constraint_fields[] = {
    {1, "min_jaccard_overlap", "float"}, {2, "max_jaccard_overlap", "float"},
    {3, "min_sample_coverage", "float"}, {4, "max_sample_coverage", "float"},
    {5, "min_object_coverage", "float"}, {6, "max_object_coverage", "float"}};
constexpr FieldDef batch_sampler_fields[] = {{1, "use_original_image", "bool"},
                                             {2, "sampler", "Sampler"},
                                             {3, "sample_constraint", "SampleConstraint"},
                                             {4, "max_sample", "uint32"},
                                             {5, "max_trials", "uint32"}};
constexpr FieldDef emit_constraint_fields[] = {{1, "emit_type", "EmitConstraint.EmitType"},
                                               {2, "emit_overlap", "float"}};
constexpr FieldDef net_parameter_fields[] = {{11, "default_forward_type", "Type"},
                                             {12, "default_backward_type", "Type"},
                                             {13, "default_forward_math", "Type"},
                                             {14, "default_backward_math", "Type"},
                                             {15, "global_grad_scale", "float"},
                                             {16, "global_grad_scale_adaptive", "bool"},
                                             {17, "default_conv_algos_override", "string"},
                                             {18, "reduce_buckets", "int32"},
                                             {19, "default_cudnn_math_override", "int32"},
                                             {20, "eltwise_mem_sharing", "bool"}};
constexpr FieldDef layer_parameter_fields[] = {
    {145, "forward_type", "Type", ignored},
    {146, "backward_type", "Type", ignored},
    {147, "forward_math", "Type", ignored},
    {148, "backward_math", "Type", ignored},
    {149, "debug", "bool"},
    {150, "cudnn_math_override", "int32", ignored},
    {200, "annotated_data_param", "AnnotatedDataParameter"},
    {205, "detection_evaluate_param", "DetectionEvaluateParameter"},
    {204, "detection_output_param", "DetectionOutputParameter"},
    {201, "multibox_loss_param", "MultiBoxLossParameter"},
    {206, "norm_param", "NormalizeParameter"},
    {202, "permute_param", "PermuteParameter"},
    {203, "prior_box_param", "PriorBoxParameter"},
    {207, "video_data_param", "VideoDataParameter"},
    {151, "recurrent_param", "RecurrentParameter"},
    {152, "trt_param", "TRTParameter"},
    {6801, "detectnet_groundtruth_param", "DetectNetGroundTruthParameter"},
    {6802, "detectnet_augmentation_param", "DetectNetAugmentationParameter"}};
constexpr FieldDef transformation_parameter_fields[] = {
    {10, "img_rand_resize_lower", "uint32"},
    {11, "img_rand_resize_upper", "uint32"},
    {12, "rand_resize_ratio_lower", "float"},
    {13, "rand_resize_ratio_upper", "float"},
    {14, "vertical_stretch_lower", "float"},
    {15, "vertical_stretch_upper", "float"},
    {16, "horizontal_stretch_lower", "float"},
    {17, "horizontal_stretch_upper", "float"},
    {18, "interpolation_algo_down", "TransformationParameter.InterpolationAlgo"},
    {19, "interpolation_algo_up", "TransformationParameter.InterpolationAlgo"},
    {20, "allow_upscale", "bool"},
    {21, "forward_packing", "Packing"},
    {211, "crop_h", "uint32"},
    {212, "crop_w", "uint32"},
    {8, "use_gpu_transform", "bool"},
    {9, "random_seed", "int64"},
    {22, "display", "bool"},
    {23, "num_labels", "int32"},
    {208, "resize_param", "ResizeParameter"},
    {209, "noise_param", "NoiseParameter"},
    {213, "distort_param", "DistortionParameter"},
    {214, "expand_param", "ExpansionParameter"},
    {210, "emit_constraint", "EmitConstraint"}};
constexpr FieldDef detect_net_ground_truth_parameter_fields[] = {
    {1, "stride", "uint32"},
    {2, "scale_cvg", "float"},
    {3, "gridbox_type", "DetectNetGroundTruthParameter.GridboxType"},
    {4, "max_cvg_len", "uint32"},
    {5, "min_cvg_len", "uint32"},
    {7, "coverage_type", "DetectNetGroundTruthParameter.CoverageType"},
    {8, "image_size_x", "uint32"},
    {9, "image_size_y", "uint32"},
    {11, "obj_norm", "bool"},
    {12, "crop_bboxes", "bool"},
    {13, "object_class", "ClassMapping", repeated}};
constexpr FieldDef class_mapping_fields[] = {{1, "src", "uint32"}, {2, "dst", "uint32"}};
constexpr FieldDef detect_net_augmentation_parameter_fields[] = {
    {1, "crop_prob", "float"},
    {2, "shift_x", "uint32"},
    {3, "shift_y", "uint32"},
    {4, "scale_prob", "float"},
    {5, "scale_min", "float"},
    {6, "scale_max", "float"},
    {7, "flip_prob", "float"},
    {8, "rotation_prob", "float"},
    {9, "max_rotate_degree", "float"},
    {10, "hue_rotation_prob", "float"},
    {11, "hue_rotation", "float"},
    {12, "desaturation_prob", "float"},
    {13, "desaturation_max", "float"},
    {208, "resize_param", "ResizeParameter"},
    {209, "noise_param", "NoiseParameter"},
    {213, "distort_param", "DistortionParameter"},
    {214, "expand_param", "ExpansionParameter"},
    {210, "emit_constraint", "EmitConstraint"}};
constexpr FieldDef resize_parameter_fields[] = {{1, "prob", "float"},
                                                {2, "resize_mode", "ResizeParameter.Resize_mode"},
                                                {3, "height", "uint32"},
                                                {4, "width", "uint32"},
                                                {8, "height_scale", "uint32"},
                                                {9, "width_scale", "uint32"},
                                                {5, "pad_mode", "ResizeParameter.Pad_mode"},
                                                {6, "pad_value", "float", repeated},
                                                {7, "interp_mode", "ResizeParameter.Interp_mode", repeated}};
constexpr FieldDef salt_pepper_parameter_fields[] = {{1, "fraction", "float"},
                                                     {2, "value", "float", repeated}};
constexpr FieldDef noise_parameter_fields[] = {
    {1, "prob", "float"},          {2, "hist_eq", "bool"},
    {3, "inverse", "bool"},        {4, "decolorize", "bool"},
    {5, "gauss_blur", "bool"},     {6, "jpeg", "float"},
    {7, "posterize", "bool"},      {8, "erode", "bool"},
    {9, "saltpepper", "bool"},     {10, "saltpepper_param", "SaltPepperParameter"},
    {11, "clahe", "bool"},         {12, "convert_to_hsv", "bool"},
    {13, "convert_to_lab", "bool"}};
constexpr FieldDef distortion_parameter_fields[] = {
    {1, "brightness_prob", "float"},   {2, "brightness_delta", "float"},  {3, "contrast_prob", "float"},
    {4, "contrast_lower", "float"},    {5, "contrast_upper", "float"},    {6, "hue_prob", "float"},
    {7, "hue_delta", "float"},         {8, "saturation_prob", "float"},   {9, "saturation_lower", "float"},
    {10, "saturation_upper", "float"}, {11, "random_order_prob", "float"}};
constexpr FieldDef expansion_parameter_fields[] = {{1, "prob", "float"}, {2, "max_expand_ratio", "float"}};
constexpr FieldDef loss_parameter_fields[] = {{4, "label_smoothing", "float"}};
constexpr FieldDef annotated_data_parameter_fields[] = {{1, "batch_sampler", "BatchSampler", repeated},
                                                        {2, "label_map_file", "string"},
                                                        {3, "anno_type", "AnnotatedDatum.AnnotationType"}};
constexpr FieldDef batch_norm_parameter_fields[] = {{5, "scale_filler", "FillerParameter", ignored},
                                                    {6, "bias_filler", "FillerParameter", ignored},
                                                    {7, "scale_bias", "bool"},
                                                    {15, "engine", "BatchNormParameter.Engine", ignored}};
constexpr FieldDef convolution_parameter_fields[] = {
    {19, "cudnn_convolution_algo_seeker", "ConvolutionParameter.CuDNNConvolutionAlgorithmSeeker"},
    {20, "conv_algos_override", "string", ignored}};
constexpr FieldDef data_parameter_fields[] = {{11, "threads", "uint32"},
                                              {12, "parser_threads", "uint32"},
                                              {13, "cache", "bool"},
                                              {14, "shuffle", "bool"},
                                              {16, "precache", "bool"}};
constexpr FieldDef detection_evaluate_parameter_fields[] = {
    {1, "num_classes", "uint32"},      {2, "background_label_id", "uint32"},
    {3, "overlap_threshold", "float"}, {4, "evaluate_difficult_gt", "bool"},
    {5, "name_size_file", "string"},   {6, "resize_param", "ResizeParameter"}};
constexpr FieldDef non_maximum_suppression_parameter_fields[] = {
    {1, "nms_threshold", "float"}, {2, "top_k", "int32"}, {3, "eta", "float"}};
constexpr FieldDef save_output_parameter_fields[] = {
    {1, "output_directory", "string"},     {2, "output_name_prefix", "string"},
    {3, "output_format", "string"},        {4, "label_map_file", "string"},
    {5, "name_size_file", "string"},       {6, "num_test_image", "uint32"},
    {7, "resize_param", "ResizeParameter"}};
constexpr FieldDef detection_output_parameter_fields[] = {
    {1, "num_classes", "uint32"},
    {2, "share_location", "bool"},
    {3, "background_label_id", "int32"},
    {4, "nms_param", "NonMaximumSuppressionParameter"},
    {5, "save_output_param", "SaveOutputParameter", ignored},
    {6, "code_type", "PriorBoxParameter.CodeType"},
    {8, "variance_encoded_in_target", "bool"},
    {7, "keep_top_k", "int32"},
    {9, "confidence_threshold", "float"},
    {10, "visualize", "bool", ignored},
    {11, "visualize_threshold", "float", ignored},
    {12, "save_file", "string", ignored}};
constexpr FieldDef dropout_parameter_fields[] = {{2, "engine", "DropoutParameter.Engine", ignored},
                                                 {3, "random_seed", "int64"}};
constexpr FieldDef elu_parameter_fields[] = {{2, "lambda", "float"}};
constexpr FieldDef image_data_parameter_fields[] = {{13, "short_side", "uint32"},
                                                    {14, "threads", "uint32"},
                                                    {15, "cache", "bool"},
                                                    {16, "precache", "bool"},
                                                    {17, "dataset_share_per_node", "float"}};
constexpr FieldDef multi_box_loss_parameter_fields[] = {
    {1, "loc_loss_type", "MultiBoxLossParameter.LocLossType"},
    {2, "conf_loss_type", "MultiBoxLossParameter.ConfLossType"},
    {3, "loc_weight", "float"},
    {4, "num_classes", "uint32"},
    {5, "share_location", "bool"},
    {6, "match_type", "MultiBoxLossParameter.MatchType"},
    {7, "overlap_threshold", "float"},
    {8, "use_prior_for_matching", "bool"},
    {9, "background_label_id", "uint32"},
    {10, "use_difficult_gt", "bool"},
    {11, "do_neg_mining", "bool"},
    {12, "neg_pos_ratio", "float"},
    {13, "neg_overlap", "float"},
    {14, "code_type", "PriorBoxParameter.CodeType"},
    {16, "encode_variance_in_target", "bool"},
    {17, "map_object_to_agnostic", "bool"},
    {18, "ignore_cross_boundary_bbox", "bool"},
    {19, "bp_inside", "bool"},
    {20, "mining_type", "MultiBoxLossParameter.MiningType"},
    {21, "nms_param", "NonMaximumSuppressionParameter"},
    {22, "sample_size", "int32"},
    {23, "use_prior_for_nms", "bool"},
    {24, "ignore_difficult_gt", "bool"}};
constexpr FieldDef normalize_parameter_fields[] = {{1, "across_spatial", "bool"},
                                                   {2, "scale_filler", "FillerParameter", ignored},
                                                   {3, "channel_shared", "bool"},
                                                   {4, "eps", "float"}};
constexpr FieldDef permute_parameter_fields[] = {{1, "order", "uint32", repeated}};
constexpr FieldDef pooling_parameter_fields[] = {{40, "torch_pooling", "bool"}};
constexpr FieldDef prior_box_parameter_fields[] = {{1, "min_size", "float", repeated},
                                                   {2, "max_size", "float", repeated},
                                                   {3, "aspect_ratio", "float", repeated},
                                                   {4, "flip", "bool"},
                                                   {5, "clip", "bool"},
                                                   {6, "variance", "float", repeated},
                                                   {7, "img_size", "uint32"},
                                                   {8, "img_h", "uint32"},
                                                   {9, "img_w", "uint32"},
                                                   {10, "step", "float"},
                                                   {11, "step_h", "float"},
                                                   {12, "step_w", "float"},
                                                   {13, "offset", "float"}};
constexpr FieldDef trt_parameter_fields[] = {{1, "trt_mode", "TRTParameter.TRTMode"},
                                             {2, "top_k", "uint32"},
                                             {3, "deploy", "string"},
                                             {4, "model", "string"},
                                             {5, "deploy_outputs", "string", repeated},
                                             {6, "calibrator", "string"}};
constexpr FieldDef video_data_parameter_fields[] = {{1, "video_type", "VideoDataParameter.VideoType"},
                                                    {2, "device_id", "int32"},
                                                    {3, "video_file", "string"},
                                                    {4, "skip_frames", "uint32"}};

constexpr MessageDef messages[] = {
    {"BlobProto", blob_proto_fields},
    {"Sampler", sampler_fields},
    {"SampleConstraint", sample_constraint_fields},
    {"BatchSampler", batch_sampler_fields},
    {"EmitConstraint", emit_constraint_fields},
    {"NetParameter", net_parameter_fields},
    {"LayerParameter", layer_parameter_fields},
    {"TransformationParameter", transformation_parameter_fields},
    {"DetectNetGroundTruthParameter", detect_net_ground_truth_parameter_fields},
    {"ClassMapping", class_mapping_fields},
    {"DetectNetAugmentationParameter", detect_net_augmentation_parameter_fields},
    {"ResizeParameter", resize_parameter_fields},
    {"SaltPepperParameter", salt_pepper_parameter_fields},
    {"NoiseParameter", noise_parameter_fields},
    {"DistortionParameter", distortion_parameter_fields},
    {"ExpansionParameter", expansion_parameter_fields},
    {"LossParameter", loss_parameter_fields},
    {"AnnotatedDataParameter", annotated_data_parameter_fields},
    {"BatchNormParameter", batch_norm_parameter_fields},
    {"ConvolutionParameter", convolution_parameter_fields},
    {"DataParameter", data_parameter_fields},
    {"DetectionEvaluateParameter", detection_evaluate_parameter_fields},
    {"NonMaximumSuppressionParameter", non_maximum_suppression_parameter_fields},
    {"SaveOutputParameter", save_output_parameter_fields},
    {"DetectionOutputParameter", detection_output_parameter_fields},
    {"DropoutParameter", dropout_parameter_fields},
    {"ELUParameter", elu_parameter_fields},
    {"ImageDataParameter", image_data_parameter_fields},
    {"MultiBoxLossParameter", multi_box_loss_parameter_fields},
    {"NormalizeParameter", normalize_parameter_fields},
    {"PermuteParameter", permute_parameter_fields},
    {"PoolingParameter", pooling_parameter_fields},
    {"PriorBoxParameter", prior_box_parameter_fields},
    {"TRTParameter", trt_parameter_fields},
    {"VideoDataParameter", video_data_parameter_fields},
};

}  // namespace

// SSD and NVIDIA Caffe.
Table fork_ssd_nvidia() {
  return {messages, enums};
}

}  // namespace mo::caffe::schema
