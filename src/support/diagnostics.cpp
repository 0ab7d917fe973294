#include "support/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mo {
namespace {

std::string_view label(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "[ ERROR ]  ";
    case Severity::warning:
      return "[ WARNING ]  ";
    case Severity::info:
      break;
  }
  return "[ INFO ]  ";
}

std::string place(const Diagnostic& diagnostic) {
  std::string text;
  if (!diagnostic.file.empty()) {
    text += diagnostic.file;
    if (diagnostic.position.line > 0) {
      text += fmt::format(":{}", diagnostic.position.line);
      if (diagnostic.position.column > 0) text += fmt::format(":{}", diagnostic.position.column);
    }
    text += ": ";
  }
  if (!diagnostic.field.empty() && diagnostic.byte_offset >= 0) {
    text += fmt::format("{} at byte {}: ", diagnostic.field, diagnostic.byte_offset);
  } else if (!diagnostic.field.empty()) {
    text += fmt::format("{}: ", diagnostic.field);
  } else if (diagnostic.byte_offset >= 0) {
    text += fmt::format("byte {}: ", diagnostic.byte_offset);
  }
  if (!diagnostic.layer.empty() && !diagnostic.layer_type.empty()) {
    text += fmt::format("layer \"{}\" ({}): ", diagnostic.layer, diagnostic.layer_type);
  } else if (!diagnostic.layer.empty()) {
    text += fmt::format("layer \"{}\": ", diagnostic.layer);
  }
  return text;
}

/// A text of bounded length: a name may be as long as the file.
std::string shortened(std::string text) {
  constexpr std::size_t most = 32 << 10;
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;  // whole characters
  return text.substr(0, end) + " ... ";
}

/// The source line and below it a caret; columns count bytes, so that the caret stands right its padding
/// repeats tabs and skips the continuation bytes of UTF-8.
std::string quoted_line(const Diagnostic& diagnostic) {
  constexpr std::size_t window = 160;  // of a file that is one endless line
  std::string_view line = diagnostic.source_line;
  std::size_t column = diagnostic.position.column > 0 ? diagnostic.position.column - 1 : line.size();
  column = std::min(column, line.size());
  if (line.size() > window) {
    const std::size_t begin = column > window / 2 ? column - window / 2 : 0;
    line = line.substr(begin, window);
    column -= begin;
  }
  std::string text = fmt::format("    {}\n", line);
  if (diagnostic.position.column == 0) return text;
  text += "    ";
  for (const char c : line.substr(0, column)) {
    if (c == '\t') {
      text += '\t';
    } else if ((static_cast<unsigned char>(c) & 0xc0u) != 0x80u) {
      text += ' ';
    }
  }
  return text + "^\n";
}

constexpr std::size_t longest_word = 64;  // no name in use is longer; keeps hostile input cheap
constexpr std::size_t most_edits = 2;

/// Optimal string alignment distance; gives up (limit + 1) beyond `limit`.
/// Preconditions: a.size() <= longest_word, limit <= most_edits.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) return limit + 1;
  std::array<std::array<std::size_t, longest_word + most_edits + 1>, 3> rows;
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  std::size_t least_above = 0;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i - 1) % 3];
    const auto& two_above = rows[(i + 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], two_above[j - 2] + 1);
      }
    }
    // Each row comes from the one above, or two above with an edit more.
    const std::size_t least = *std::min_element(row.begin(), row.begin() + b.size() + 1);
    if (least > limit && least_above >= limit) return limit + 1;
    least_above = least;
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) ++errors_;
  const Kind kind{diagnostic.code, diagnostic.severity};
  const std::size_t count = ++counts_[kind];
  if (count <= most_of_a_kind) {
    all_.push_back(std::move(diagnostic));
    return;
  }
  const auto [summary, first] = summaries_.try_emplace(kind, all_.size());
  if (first) {
    Diagnostic more;
    more.code = kind.first;
    more.severity = kind.second;
    all_.push_back(std::move(more));
  }
  all_[summary->second].cause =
      fmt::format("{} more messages of this kind are left out", count - most_of_a_kind);
}

void Diagnostics::error(const DiagnosticCode& code, std::string cause, std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  add(std::move(diagnostic));
}

void Diagnostics::warning(const DiagnosticCode& code, std::string cause, std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.severity = Severity::warning;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  add(std::move(diagnostic));
}

void Diagnostics::info(const DiagnosticCode& code, std::string cause) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.severity = Severity::info;
  diagnostic.cause = std::move(cause);
  add(std::move(diagnostic));
}

int Diagnostics::exit_status() const {
  const auto first = std::ranges::find(all_, Severity::error, &Diagnostic::severity);
  if (first == all_.end()) return static_cast<int>(Exit::done);
  return static_cast<int>(first->code ? first->code->exit : Exit::internal);
}

std::string to_text(const Diagnostic& diagnostic) {
  std::string text = fmt::format("{}{}{}\n", label(diagnostic.severity), shortened(place(diagnostic)),
                                 shortened(diagnostic.cause));
  if (!diagnostic.source_line.empty()) text += quoted_line(diagnostic);
  if (!diagnostic.remedy.empty()) text += fmt::format("  what to do: {}\n", diagnostic.remedy);
  if (diagnostic.code && diagnostic.severity != Severity::info) {
    text += fmt::format("  see docs/FAQ.md#{}\n", diagnostic.code->slug);
  }
  return text;
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.size() > longest_word) return {};
  std::size_t best = word.size() >= 5 ? most_edits : 1;
  std::string_view found;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate, best);
    if (distance < best || (distance == best && found.empty())) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

std::span<const DiagnosticCode* const> all_diagnostic_codes() {
  using namespace code;
  static constexpr std::array all{
      &prototxt_syntax,
      &misspelt_field,
      &unknown_field,
      &bad_value,
      &not_a_net,
      &wrong_file_kind,
      &empty_file,
      &damaged_caffemodel,
      &damaged_mean_file,
      &blob_size_mismatch,
      &missing_weights,
      &unused_weights,
      &unused_input,
      &unsupported_layer,
      &unsupported_parameter,
      &ignored_parameter,
      &wrong_arity,
      &unknown_bottom,
      &input_without_shape,
      &no_inputs,
      &no_outputs,
      &bad_shape,
      &training_layer,
      &data_layer,
      &duplicate_layer_name,
      &batch_statistics,
      &not_in_this_version,
      &not_in_onnx,
      &onnx_foreign_operator,
      &fp16_overflow,
      &fp16_underflow,
      &not_finite_weights,
      &too_large,
      &custom_layers_mapping,
      &layer_description,
      &expression,
      &caffe_proto,
      &parameters_without_schema,
      &shape_assumed,
      &attribute_clash,
      &extension_library,
      &extension_failed,
      &damaged_ir,
      &ir_structure,
      &ir_dims,
      &ir_attribute,
      &ir_blob_range,
      &ir_pre_process,
      &ir_weights_unchecked,
      &unknown_ir_layer,
      &not_legacy_ir,
      &runtime_refuses,
      &unexpected_model,
      &executor_failed,
      &nothing_to_compare,
      &results_differ,
      &no_device,
      &verify_inputs,
      &apps_not_built,
      &image_not_readable,
      &damaged_arrays,
      &dataset,
      &annotations,
      &command_line,
      &unknown_option,
      &unknown_framework,
      &input_shape_syntax,
      &input_shape_count,
      &batch_not_applicable,
      &batch_in_reshape,
      &undefined_dimension,
      &unknown_node,
      &bad_port,
      &port_on_input,
      &port_needed,
      &shape_at_cut_unknown,
      &other_inputs_needed,
      &freeze_value,
      &mean_scale_syntax,
      &mean_scale_count,
      &mean_scale_input,
      &zero_scale,
      &small_scale,
      &conflicting_options,
      &mean_file_inputs,
      &mean_file_size,
      &mean_file_offsets,
      &channels_not_reversed,
      &moved_into_model,
      &layout_syntax,
      &bad_regular_expression,
      &output_format,
      &not_in_this_build,
      &config_file,
      &manifest,
      &no_preprocessing,
      &file_not_found,
      &file_not_readable,
      &output_not_writable,
      &graphviz,
      &internal_error,
  };
  return all;
}

}  // namespace mo
