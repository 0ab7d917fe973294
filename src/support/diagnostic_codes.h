#pragma once

#include <span>
#include <string_view>

namespace mo {

/// Exit status of `mo`: what kind of thing went wrong.
enum class Exit { done = 0, model = 1, command_line = 2, files = 3, internal = 4 };

/// A stable code: `slug` is also the anchor of its entry in docs/FAQ.md.
struct DiagnosticCode {
  std::string_view slug;
  Exit exit;
};

namespace code {

// The model
inline constexpr DiagnosticCode prototxt_syntax{"prototxt-syntax", Exit::model};
inline constexpr DiagnosticCode misspelt_field{"misspelt-field", Exit::model};
inline constexpr DiagnosticCode unknown_field{"unknown-field", Exit::model};
inline constexpr DiagnosticCode bad_value{"bad-value", Exit::model};
inline constexpr DiagnosticCode not_a_net{"not-a-net", Exit::model};
inline constexpr DiagnosticCode wrong_file_kind{"wrong-file-kind", Exit::model};
inline constexpr DiagnosticCode empty_file{"empty-file", Exit::model};
inline constexpr DiagnosticCode damaged_caffemodel{"damaged-caffemodel", Exit::model};
inline constexpr DiagnosticCode damaged_mean_file{"damaged-mean-file", Exit::model};
inline constexpr DiagnosticCode blob_size_mismatch{"blob-size-mismatch", Exit::model};
inline constexpr DiagnosticCode missing_weights{"missing-weights", Exit::model};
inline constexpr DiagnosticCode unused_weights{"unused-weights", Exit::model};
inline constexpr DiagnosticCode unsupported_layer{"unsupported-layer", Exit::model};
inline constexpr DiagnosticCode unsupported_parameter{"unsupported-parameter", Exit::model};
inline constexpr DiagnosticCode ignored_parameter{"ignored-parameter", Exit::model};
inline constexpr DiagnosticCode wrong_arity{"wrong-arity", Exit::model};
inline constexpr DiagnosticCode unknown_bottom{"unknown-bottom", Exit::model};
inline constexpr DiagnosticCode input_without_shape{"input-without-shape", Exit::model};
inline constexpr DiagnosticCode unused_input{"unused-input", Exit::model};
inline constexpr DiagnosticCode no_inputs{"no-inputs", Exit::model};
inline constexpr DiagnosticCode no_outputs{"no-outputs", Exit::model};
inline constexpr DiagnosticCode bad_shape{"bad-shape", Exit::model};
inline constexpr DiagnosticCode batch_in_reshape{"batch-in-reshape", Exit::model};
inline constexpr DiagnosticCode training_layer{"training-layer", Exit::model};
inline constexpr DiagnosticCode data_layer{"data-layer", Exit::model};
inline constexpr DiagnosticCode duplicate_layer_name{"duplicate-layer-name", Exit::model};
inline constexpr DiagnosticCode batch_statistics{"batch-statistics", Exit::model};
inline constexpr DiagnosticCode not_in_this_version{"not-in-this-ir-version", Exit::model};
inline constexpr DiagnosticCode not_in_onnx{"not-in-onnx", Exit::model};
inline constexpr DiagnosticCode onnx_foreign_operator{"onnx-foreign-operator", Exit::model};
inline constexpr DiagnosticCode fp16_overflow{"fp16-overflow", Exit::model};
inline constexpr DiagnosticCode fp16_underflow{"fp16-underflow", Exit::model};
inline constexpr DiagnosticCode not_finite_weights{"not-finite-weights", Exit::model};
inline constexpr DiagnosticCode too_large{"too-large", Exit::model};

// Custom layers
inline constexpr DiagnosticCode custom_layers_mapping{"custom-layers-mapping", Exit::model};
inline constexpr DiagnosticCode layer_description{"layer-description", Exit::model};
inline constexpr DiagnosticCode expression{"expression", Exit::model};
inline constexpr DiagnosticCode caffe_proto{"caffe-proto", Exit::model};
inline constexpr DiagnosticCode parameters_without_schema{"parameters-without-schema", Exit::model};
inline constexpr DiagnosticCode shape_assumed{"shape-assumed", Exit::model};
inline constexpr DiagnosticCode attribute_clash{"attribute-clash", Exit::model};
inline constexpr DiagnosticCode extension_library{"extension-library", Exit::model};
inline constexpr DiagnosticCode extension_failed{"extension-failed", Exit::model};
// An IR that is read
inline constexpr DiagnosticCode damaged_ir{"damaged-ir", Exit::model};
inline constexpr DiagnosticCode ir_structure{"ir-structure", Exit::model};
inline constexpr DiagnosticCode ir_dims{"ir-dims", Exit::model};
inline constexpr DiagnosticCode ir_attribute{"ir-attribute", Exit::model};
inline constexpr DiagnosticCode ir_blob_range{"ir-blob-range", Exit::model};
inline constexpr DiagnosticCode ir_pre_process{"ir-pre-process", Exit::model};
inline constexpr DiagnosticCode ir_weights_unchecked{"ir-weights-unchecked", Exit::model};
inline constexpr DiagnosticCode unknown_ir_layer{"unknown-ir-layer", Exit::model};
inline constexpr DiagnosticCode not_legacy_ir{"not-legacy-ir", Exit::model};

// Applications on the runtime
inline constexpr DiagnosticCode runtime_refuses{"runtime-refuses", Exit::model};
inline constexpr DiagnosticCode unexpected_model{"unexpected-model", Exit::model};
inline constexpr DiagnosticCode executor_failed{"executor-failed", Exit::model};
inline constexpr DiagnosticCode nothing_to_compare{"nothing-to-compare", Exit::model};
inline constexpr DiagnosticCode results_differ{"results-differ", Exit::model};
inline constexpr DiagnosticCode no_device{"no-device", Exit::command_line};
inline constexpr DiagnosticCode verify_inputs{"verify-inputs", Exit::command_line};
inline constexpr DiagnosticCode apps_not_built{"apps-not-built", Exit::command_line};
inline constexpr DiagnosticCode image_not_readable{"image-not-readable", Exit::files};
inline constexpr DiagnosticCode damaged_arrays{"damaged-arrays", Exit::files};
inline constexpr DiagnosticCode dataset{"dataset", Exit::files};
inline constexpr DiagnosticCode annotations{"annotations", Exit::files};

// The command line
inline constexpr DiagnosticCode command_line{"command-line", Exit::command_line};
inline constexpr DiagnosticCode unknown_option{"unknown-option", Exit::command_line};
inline constexpr DiagnosticCode unknown_framework{"unknown-framework", Exit::command_line};
inline constexpr DiagnosticCode input_shape_syntax{"input-shape-syntax", Exit::command_line};
inline constexpr DiagnosticCode input_shape_count{"input-shape-count", Exit::command_line};
inline constexpr DiagnosticCode batch_not_applicable{"batch-not-applicable", Exit::command_line};
inline constexpr DiagnosticCode undefined_dimension{"undefined-dimension", Exit::command_line};
inline constexpr DiagnosticCode unknown_node{"unknown-node", Exit::command_line};
inline constexpr DiagnosticCode bad_port{"bad-port", Exit::command_line};
inline constexpr DiagnosticCode port_on_input{"port-on-input", Exit::command_line};
inline constexpr DiagnosticCode port_needed{"port-needed", Exit::command_line};
inline constexpr DiagnosticCode shape_at_cut_unknown{"shape-at-cut-unknown", Exit::command_line};
inline constexpr DiagnosticCode other_inputs_needed{"other-inputs-needed", Exit::command_line};
inline constexpr DiagnosticCode freeze_value{"freeze-value", Exit::command_line};
inline constexpr DiagnosticCode mean_scale_syntax{"mean-scale-syntax", Exit::command_line};
inline constexpr DiagnosticCode mean_scale_count{"mean-scale-count", Exit::command_line};
inline constexpr DiagnosticCode mean_scale_input{"mean-scale-input", Exit::command_line};
inline constexpr DiagnosticCode zero_scale{"zero-scale", Exit::command_line};
inline constexpr DiagnosticCode small_scale{"small-scale", Exit::command_line};
inline constexpr DiagnosticCode conflicting_options{"conflicting-options", Exit::command_line};
inline constexpr DiagnosticCode mean_file_inputs{"mean-file-inputs", Exit::command_line};
inline constexpr DiagnosticCode mean_file_size{"mean-file-size", Exit::command_line};
inline constexpr DiagnosticCode mean_file_offsets{"mean-file-offsets", Exit::command_line};
inline constexpr DiagnosticCode channels_not_reversed{"channels-not-reversed", Exit::command_line};
inline constexpr DiagnosticCode moved_into_model{"moved-into-model", Exit::command_line};
inline constexpr DiagnosticCode layout_syntax{"layout-syntax", Exit::command_line};
inline constexpr DiagnosticCode bad_regular_expression{"bad-regular-expression", Exit::command_line};
inline constexpr DiagnosticCode output_format{"output-format", Exit::command_line};
inline constexpr DiagnosticCode not_in_this_build{"not-in-this-build", Exit::command_line};
inline constexpr DiagnosticCode config_file{"config-file", Exit::command_line};
inline constexpr DiagnosticCode manifest{"manifest", Exit::command_line};
inline constexpr DiagnosticCode no_preprocessing{"no-preprocessing", Exit::command_line};

// Files
inline constexpr DiagnosticCode file_not_found{"file-not-found", Exit::files};
inline constexpr DiagnosticCode file_not_readable{"file-not-readable", Exit::files};
inline constexpr DiagnosticCode output_not_writable{"output-not-writable", Exit::files};
inline constexpr DiagnosticCode graphviz{"graphviz", Exit::files};

// Ourselves
inline constexpr DiagnosticCode internal_error{"internal-error", Exit::internal};

}  // namespace code

/// Every code, for the FAQ, its tests and the machine-readable report.
std::span<const DiagnosticCode* const> all_diagnostic_codes();

}  // namespace mo
