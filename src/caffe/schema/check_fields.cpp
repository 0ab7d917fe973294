#include "caffe/schema/check_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "caffe/field_values.h"
#include "caffe/schema/schema.h"

namespace mo::caffe::schema {
namespace {

/// `pad_l` is no misspelt `pad_h`: names of one stem that end in different single letters are siblings.
bool are_siblings(std::string_view a, std::string_view b) {
  return a.size() == b.size() && a.size() > 2 && a[a.size() - 2] == '_' &&
         a.substr(0, a.size() - 1) == b.substr(0, b.size() - 1);
}

/// Whether a set field can change what inference computes: it, or for a message something in it.
bool has_effect(const Field& field, const FieldDef& known) {
  if ((known.flags & (ignored | common)) != 0) return false;
  if (field.message == nullptr) return true;
  return std::ranges::any_of(field.message->fields, [&](const Field& inner) {
    const FieldDef* definition = find_field(known.type, inner.name);
    return definition != nullptr && has_effect(inner, *definition);
  });
}

class Checker {
 public:
  Checker(const Layer& layer, const Source& source, std::span<const std::string_view> honoured,
          Diagnostics& diagnostics)
      : layer_(layer), source_(source), honoured_(honoured), diagnostics_(diagnostics) {}

  /// `judge`: report fields without effect or support; false below a field that was reported as a whole.
  void check(const Message& message, std::string_view type, const std::string& path, bool judge) {
    for (const Field& field : message.fields) {
      const std::string here = path.empty() ? field.name : path + "." + field.name;
      const FieldDef* known = find_field(type, field.name);
      if (known != nullptr) check_range(field, *known, here);
      if (std::ranges::find(honoured_, here) != honoured_.end()) continue;
      if (known != nullptr) {
        const bool idle = judge && !leads_to_honoured(here) && has_effect(field, *known);
        if (idle) report_ignored(field, here);
        check_kind(field, *known, here, judge && !idle && (known->flags & (ignored | common)) == 0);
      } else if (!leads_to_honoured(here)) {
        report_unknown(field, type, here);
      } else if (field.message) {
        check(*field.message, "", here, judge);
      }
    }
  }

 private:
  /// Integers have 32 bits in Caffe, but for the dimensions of a shape.
  void check_range(const Field& field, const FieldDef& known, const std::string& path) {
    const bool is_signed = known.type == "int32";
    std::int64_t value = 0;
    if ((!is_signed && known.type != "uint32") || field.message || !integer_value(field, value)) return;
    const std::int64_t most = is_signed ? std::numeric_limits<std::int32_t>::max()
                                        : std::int64_t{std::numeric_limits<std::uint32_t>::max()};
    if (value >= std::numeric_limits<std::int32_t>::min() && value <= most) return;
    add(code::bad_value, Severity::error, field,
        fmt::format("\"{}\" has {}, beyond an integer of 32 bits", path, value), "correct the number");
  }

  void check_kind(const Field& field, const FieldDef& known, const std::string& path, bool judge) {
    const bool wants_message = is_message(known.type);
    if (wants_message != (field.message != nullptr)) {
      add(code::bad_value, Severity::error, field,
          wants_message ? fmt::format("\"{}\" takes fields in braces, not a value", path)
                        : fmt::format("\"{}\" takes a value, not fields in braces", path),
          "");
    } else if (wants_message && known.type != "BlobProto") {
      check(*field.message, known.type, path, judge);
    }
  }

  void report_ignored(const Field& field, const std::string& path) {
    if (field.message != nullptr)
      add(code::ignored_parameter, Severity::info, field,
          fmt::format("a layer of this type has no \"{}\"; it has no effect", path),
          "remove it, or check the layer's type");
    else
      add(code::ignored_parameter, Severity::warning, field,
          fmt::format("the parameter \"{}\" is known and not supported; the IR computes as without it", path),
          "check that the layer computes the same without it; docs/layers.md lists the parameters that have "
          "effect");
  }

  bool leads_to_honoured(const std::string& path) const {
    return std::ranges::any_of(honoured_, [&](std::string_view extra) {
      return extra.starts_with(path) && extra.substr(path.size()).starts_with(".");
    });
  }

  void report_unknown(const Field& field, std::string_view type, const std::string& path) {
    std::vector<std::string_view> names;
    for (const FieldDef* known : fields_of(type)) names.push_back(known->name);
    const std::string_view meant = nearest(field.name, names);
    if (!meant.empty() && !are_siblings(meant, field.name)) {
      add(code::misspelt_field, Severity::error, field, fmt::format("there is no field \"{}\"", path),
          fmt::format("did you mean \"{}\"?", meant));
    } else {
      add(code::unknown_field, Severity::warning, field,
          fmt::format("the field \"{}\" is not known; it is not used", path),
          "check that the layer computes the same without it");
    }
  }

  void add(const DiagnosticCode& code, Severity severity, const Field& field, std::string cause,
           std::string remedy) {
    Diagnostic diagnostic;
    diagnostic.code = &code;
    diagnostic.severity = severity;
    diagnostic.cause = std::move(cause);
    diagnostic.remedy = std::move(remedy);
    diagnostic.layer = layer_.name;
    diagnostic.layer_type = layer_.type;
    diagnostic.file = source_.file;
    diagnostic.position = field.position;
    diagnostic.source_line = source_.line(field.position.line);
    diagnostics_.add(std::move(diagnostic));
  }

  const Layer& layer_;
  const Source& source_;
  std::span<const std::string_view> honoured_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_fields(const Layer& layer, const Source& source, std::span<const std::string_view> honoured,
                  bool judge_effect, Diagnostics& diagnostics) {
  if (!layer.parameters) return;
  Checker(layer, source, honoured, diagnostics).check(*layer.parameters, "LayerParameter", "", judge_effect);
}

}  // namespace mo::caffe::schema
