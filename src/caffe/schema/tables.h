#pragma once

#include <cstdint>
#include <span>
#include <string_view>

// The literal tables behind caffe/schema/schema.h: what Caffe and its forks call the fields of their
// messages, which numbers these have in binary files and what they hold.  A fork's table may name a message
// again, to add fields. Defaults are not here: the layers' own definitions have them.

namespace mo::caffe::schema {

enum FieldFlags : std::uint8_t {
  repeated = 1,
  ignored = 2,  ///< for training or for a certain engine: no effect on what inference computes
  common = 4,   ///< what every layer has: its name, its ends, its blobs, when it is there
};

// In the order in which .proto files say it.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding)
struct FieldDef {
  std::uint32_t number;  ///< 0: known from text files only
  std::string_view name;
  std::string_view type;  ///< int32 ... string, or the name of an enum or a message
  std::uint8_t flags = 0;
};

struct MessageDef {
  std::string_view name;
  std::span<const FieldDef> fields;
};

struct EnumValue {
  std::string_view name;
  std::int64_t number;
};

struct EnumDef {
  std::string_view name;
  std::span<const EnumValue> values;
};

struct Table {
  std::span<const MessageDef> messages;
  std::span<const EnumDef> enums;
};

Table bvlc_net();
Table bvlc_layers();
Table bvlc_data_and_loss();
Table bvlc_legacy();
Table fork_ssd_nvidia();
Table fork_segnet();
Table fork_pspnet();
Table fork_others();

}  // namespace mo::caffe::schema
