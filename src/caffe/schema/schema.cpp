#include "caffe/schema/schema.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace mo::caffe::schema {
namespace {

struct Index {
  std::unordered_map<std::string_view, std::vector<const FieldDef*>> messages;
  std::unordered_map<std::string_view, const EnumDef*> enums;
};

Index make_index() {
  Index index;
  for (const Table& table : {bvlc_net(), bvlc_layers(), bvlc_data_and_loss(), bvlc_legacy(),
                             fork_ssd_nvidia(), fork_segnet(), fork_pspnet(), fork_others()}) {
    for (const MessageDef& message : table.messages) {
      std::vector<const FieldDef*>& fields = index.messages[message.name];
      for (const FieldDef& field : message.fields) fields.push_back(&field);
    }
    for (const EnumDef& enumeration : table.enums) index.enums.try_emplace(enumeration.name, &enumeration);
  }
  return index;
}

const Index& index() {
  static const Index made = make_index();
  return made;
}

}  // namespace

std::span<const FieldDef* const> fields_of(std::string_view message) {
  const auto found = index().messages.find(message);
  return found == index().messages.end() ? std::span<const FieldDef* const>() : found->second;
}

const FieldDef* find_field(std::string_view message, std::string_view name) {
  const auto fields = fields_of(message);
  const auto found = std::ranges::find(fields, name, &FieldDef::name);
  return found == fields.end() ? nullptr : *found;
}

bool is_message(std::string_view type) {
  return index().messages.contains(type);
}

const EnumDef* find_enum(std::string_view type) {
  const auto found = index().enums.find(type);
  return found == index().enums.end() ? nullptr : found->second;
}

}  // namespace mo::caffe::schema
