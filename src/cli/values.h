#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "caffe/layer_context.h"
#include "passes/freeze.h"
#include "passes/input_forms.h"
#include "passes/preprocess.h"
#include "support/diagnostics.h"

/// How the values of options are written.  All functions throw Failure with the code of their option.
namespace mo::cli {

[[noreturn]] void fail(const DiagnosticCode& code, std::string cause, std::string remedy);

/// False also for what cannot be a path.
bool path_exists(const std::string& path);
bool is_folder(const std::string& path);

std::string_view trimmed(std::string_view text);

/// Parts between commas that are in no brackets, without spaces around them.
std::vector<std::string> split(std::string_view text);

std::optional<std::int64_t> whole_number(std::string_view text);
std::optional<double> number(std::string_view text);

/// One shape without its brackets: `1,3,227,227`; `?` and -1 are unknown dimensions, `1..4`, `..4`, `1..`
/// unknown ones with bounds.
caffe::InputOverride parse_shape(std::string_view inside, std::string_view whole);

/// `[1,3,227,227]` or `(...)`, several separated by commas or by nothing.  Throws input_shape_syntax.
std::vector<caffe::InputOverride> parse_shapes(std::string_view text);

/// What `--input` says of one input: `0:name[1,3,8,8]{f32}->[1 2]`, all but the name optional.
struct InputItem {
  caffe::InputOverride input;
  std::string element_type;
  std::optional<std::vector<double>> frozen;
};
std::vector<InputItem> parse_inputs(std::string_view text);

/// `(104,117,123)`, several for several inputs, or with names: `data[104,117,123]`.
std::vector<passes::ChannelValues> parse_channel_values(std::string_view text, std::string_view option);

/// `name->[1 2 3]` or `name->1`, several separated by commas.
std::vector<passes::FrozenInput> parse_frozen(std::string_view text);

/// `(x,y)`.
std::pair<std::int64_t, std::int64_t> parse_offsets(std::string_view text);

/// `nchw`, `data(nchw)`, `[n,c,...]`, and, of --layout, `nchw->nhwc`; several separated by commas.
std::vector<passes::InputForm> parse_layouts(std::string_view text, std::string_view option);

}  // namespace mo::cli
