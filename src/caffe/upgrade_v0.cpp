#include "caffe/upgrade_v0.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>

#include "caffe/build_message.h"

namespace mo::caffe {
namespace {

/// Where a field of a V0 layer lives in V1; `type` empty: for every type; `param` empty: in the layer itself.
struct Move {
  std::string_view from;
  std::string_view type;
  std::string_view param;
  std::string_view to;
};

constexpr std::array moves{
    Move{"num_output", "conv", "convolution_param", "num_output"},
    Move{"num_output", "innerproduct", "inner_product_param", "num_output"},
    Move{"biasterm", "conv", "convolution_param", "bias_term"},
    Move{"biasterm", "innerproduct", "inner_product_param", "bias_term"},
    Move{"weight_filler", "conv", "convolution_param", "weight_filler"},
    Move{"weight_filler", "innerproduct", "inner_product_param", "weight_filler"},
    Move{"bias_filler", "conv", "convolution_param", "bias_filler"},
    Move{"bias_filler", "innerproduct", "inner_product_param", "bias_filler"},
    Move{"pad", "conv", "convolution_param", "pad"},
    Move{"pad", "pool", "pooling_param", "pad"},
    Move{"kernelsize", "conv", "convolution_param", "kernel_size"},
    Move{"kernelsize", "pool", "pooling_param", "kernel_size"},
    Move{"group", "conv", "convolution_param", "group"},
    Move{"stride", "conv", "convolution_param", "stride"},
    Move{"stride", "pool", "pooling_param", "stride"},
    Move{"pool", "pool", "pooling_param", "pool"},
    Move{"dropout_ratio", "dropout", "dropout_param", "dropout_ratio"},
    Move{"local_size", "lrn", "lrn_param", "local_size"},
    Move{"alpha", "lrn", "lrn_param", "alpha"},
    Move{"beta", "lrn", "lrn_param", "beta"},
    Move{"k", "lrn", "lrn_param", "k"},
    Move{"concat_dim", "concat", "concat_param", "concat_dim"},
    Move{"source", "data", "data_param", "source"},
    Move{"source", "hdf5_data", "hdf5_data_param", "source"},
    Move{"source", "images", "image_data_param", "source"},
    Move{"source", "window_data", "window_data_param", "source"},
    Move{"source", "infogain_loss", "infogain_loss_param", "source"},
    Move{"batchsize", "data", "data_param", "batch_size"},
    Move{"batchsize", "hdf5_data", "hdf5_data_param", "batch_size"},
    Move{"batchsize", "images", "image_data_param", "batch_size"},
    Move{"batchsize", "window_data", "window_data_param", "batch_size"},
    Move{"rand_skip", "data", "data_param", "rand_skip"},
    Move{"rand_skip", "images", "image_data_param", "rand_skip"},
    Move{"shuffle_images", "images", "image_data_param", "shuffle"},
    Move{"new_height", "images", "image_data_param", "new_height"},
    Move{"new_width", "images", "image_data_param", "new_width"},
    Move{"det_fg_threshold", "window_data", "window_data_param", "fg_threshold"},
    Move{"det_bg_threshold", "window_data", "window_data_param", "bg_threshold"},
    Move{"det_fg_fraction", "window_data", "window_data_param", "fg_fraction"},
    Move{"det_context_pad", "window_data", "window_data_param", "context_pad"},
    Move{"det_crop_mode", "window_data", "window_data_param", "crop_mode"},
    Move{"scale", "", "transform_param", "scale"},
    Move{"meanfile", "", "transform_param", "mean_file"},
    Move{"cropsize", "", "transform_param", "crop_size"},
    Move{"mirror", "", "transform_param", "mirror"},
};

Message* nested_v0(Field& connection) {
  if (connection.name != "layers" || !connection.message) return nullptr;
  for (Field& field : connection.message->fields) {
    if (field.name == "layer" && field.message) return field.message.get();
  }
  return nullptr;
}

std::string type_of(const Message& v0) {
  const Field* type = v0.find("type");
  return type ? type->text : "";
}

void upgrade_connection(Message& connection, Message& v0) {
  const std::string type = type_of(v0);
  Message v1;
  v1.position = connection.position;
  for (Field& field : connection.fields) {
    if (field.name != "layer") v1.fields.push_back(std::move(field));
  }
  for (Field& field : v0.fields) {
    const auto move = std::ranges::find_if(
        moves, [&](const Move& m) { return m.from == field.name && (m.type.empty() || m.type == type); });
    if (move == moves.end()) {
      v1.fields.push_back(
          std::move(field));  // name, type, blobs, blobs_lr, weight_decay and what nobody knows
      continue;
    }
    Message& param = message_at(v1, move->param, field.position);
    field.name = move->to;
    param.fields.push_back(std::move(field));
  }
  connection = std::move(v1);
}

std::vector<std::string> names(const Message& layer, std::string_view field_name) {
  std::vector<std::string> found;
  for (const Field* field : layer.all(field_name)) found.push_back(field->text);
  return found;
}

/// Lets the only reader of a padding layer pad itself.
void merge_padding(Message& reader, Message& reader_v0, const Field& padding) {
  const Message& padding_v0 = *padding.message->find("layer")->message;
  const std::vector<std::string> source = names(*padding.message, "bottom");
  if (source.size() != 1) return;
  for (Field& field : reader.fields) {
    if (field.name == "bottom") field.text = source.front();
  }
  if (const Field* pad = padding_v0.find("pad")) {
    std::erase_if(reader_v0.fields, [](const Field& field) { return field.name == "pad"; });
    reader_v0.fields.push_back(make_number("pad", pad->text, pad->position));
  }
}

void merge_padding_layers(Message& net) {
  std::unordered_map<std::string, const Field*> producers;  // blob -> the last connection that writes it
  for (Field& field : net.fields) {
    Message* v0 = nested_v0(field);
    if (!v0) continue;
    const std::vector<std::string> bottoms = names(*field.message, "bottom");
    const std::string type = type_of(*v0);
    if (bottoms.size() == 1 && (type == "conv" || type == "pool")) {
      const auto producer = producers.find(bottoms.front());
      if (producer != producers.end() &&
          type_of(*producer->second->message->find("layer")->message) == "padding") {
        merge_padding(*field.message, *v0, *producer->second);
      }
    }
    for (const std::string& top : names(*field.message, "top")) producers[top] = &field;
  }
  std::erase_if(net.fields, [](Field& field) {
    const Message* v0 = nested_v0(field);
    return v0 && type_of(*v0) == "padding";
  });
}

}  // namespace

void upgrade_v0_layers(Message& net) {
  merge_padding_layers(net);
  for (Field& field : net.fields) {
    if (Message* v0 = nested_v0(field)) {
      Message inner = std::move(*v0);
      upgrade_connection(*field.message, inner);
    }
  }
}

}  // namespace mo::caffe
