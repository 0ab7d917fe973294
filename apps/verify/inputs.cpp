#include "verify/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <random>

#include "cli/values.h"
#include "common/image.h"
#include "verify/npz.h"

namespace mo::verify {

namespace {

/// Which dimension of the net's shape each dimension of the fed shape is; empty: the same order.
std::vector<std::size_t> order_of(const passes::InputForm& form, std::size_t rank) {
  if (form.fed_layout.size() != rank) return {};
  static const passes::Layout usual{"N", "C", "H", "W"};
  const passes::Layout& net = form.net_layout.empty() ? usual : form.net_layout;
  std::vector<std::size_t> order;
  for (const std::string& dimension : form.fed_layout) {
    const auto place = std::ranges::find(net, dimension);
    if (place == net.end()) return {};
    order.push_back(static_cast<std::size_t>(place - net.begin()));
  }
  return order;
}

Array transposed(const Array& array, const std::vector<std::size_t>& order) {
  const std::size_t rank = array.shape.size();
  std::vector<std::size_t> strides(rank, 1);
  for (std::size_t i = rank; i-- > 1;) strides[i - 1] = strides[i] * static_cast<std::size_t>(array.shape[i]);
  Array result{Shape(rank), std::vector<float>(array.values.size())};
  for (std::size_t i = 0; i < rank; ++i) result.shape[i] = array.shape[order[i]];
  std::vector<std::size_t> index(rank, 0);
  for (float& value : result.values) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < rank; ++i) from += index[i] * strides[order[i]];
    value = array.values[from];
    for (std::size_t i = rank; i-- > 0 && ++index[i] == static_cast<std::size_t>(result.shape[i]);)
      index[i] = 0;
  }
  return result;
}

/// An input of the net beside the IR's input that it became.
struct Place {
  std::string name;       ///< Caffe's blob
  std::size_t index = 0;  ///< among the net's inputs
  Shape shape;            ///< the net's
  std::vector<std::size_t> order;
  bool bytes = false;
};

std::vector<std::string> input_blobs(const caffe::Net& net) {
  std::vector<std::string> blobs;
  for (const caffe::Layer& layer : net.layers)
    if (layer.bottoms.empty()) blobs.insert(blobs.end(), layer.tops.begin(), layer.tops.end());
  return blobs;
}

Place place_of(const IrInput& input, const std::vector<std::string>& blobs, const Embedded& embedded) {
  Place place;
  for (std::size_t i = 0; i < blobs.size(); ++i)
    if (std::ranges::find(input.names, blobs[i]) != input.names.end()) {
      place.name = blobs[i];
      place.index = i;
    }
  if (place.name.empty())
    cli::fail(
        code::verify_inputs,
        fmt::format(
            "the IR's input \"{}\" is no input of the Caffe net: is it another net, or one that was cut "
            "with --input?",
            input.names.front()),
        "compare the whole net: convert it without --input, or with --output alone");
  place.shape = input.shape;
  place.bytes = input.bytes;
  for (const passes::InputForm& form : embedded.forms)
    if (form.input.empty() || std::ranges::find(input.names, form.input) != input.names.end())
      place.order = order_of(form, input.shape.size());
  for (std::size_t i = 0; i < place.order.size(); ++i) place.shape[place.order[i]] = input.shape[i];
  return place;
}

std::int64_t known_count(const Place& place) {
  const std::int64_t count = element_count(place.shape);
  if (count < 0)
    cli::fail(code::verify_inputs,
              fmt::format("the IR leaves dimensions of \"{}\" open: {}", place.name, to_string(place.shape)),
              "give arrays of the sizes that you use: --inputs FILE.npz");
  return count;
}

/// The same numbers on every machine: 24 bits of the generator as a part of the range.
Array random_array(const Place& place, std::mt19937_64& generator, std::pair<float, float> range) {
  Array array{place.shape, std::vector<float>(static_cast<std::size_t>(known_count(place)))};
  for (float& value : array.values) {
    const double part = static_cast<double>(generator() >> 40) / (1 << 24);
    value = static_cast<float>(range.first + part * (static_cast<double>(range.second) - range.first));
    if (place.bytes) value = static_cast<float>(static_cast<int>(value));
  }
  return array;
}

/// R-CNN's description of the image: its height, width and scale.
Array image_information(const Place& place, const std::vector<Place>& all) {
  double height = 600;
  double width = 800;
  for (const Place& other : all)
    if (other.shape.size() == 4) {
      height = static_cast<double>(other.shape[2]);
      width = static_cast<double>(other.shape[3]);
    }
  Array array{place.shape, std::vector<float>(static_cast<std::size_t>(known_count(place)), 1.0F)};
  const std::size_t row =
      place.shape.size() == 2 ? static_cast<std::size_t>(place.shape[1]) : array.values.size();
  for (std::size_t i = 0; row >= 2 && i + 1 < array.values.size(); i += row) {
    array.values[i] = static_cast<float>(height);
    array.values[i + 1] = static_cast<float>(width);
  }
  return array;
}

/// Every image of the batch the same, resized to the input; reversed where the IR takes red, green, blue.
Array image_array(const Place& place, const std::string& path, const Embedded& embedded) {
  known_count(place);
  cv::Mat image = apps::read_image(path, place.shape[1]);
  cv::resize(image, image, cv::Size(static_cast<int>(place.shape[3]), static_cast<int>(place.shape[2])));
  const auto channels = static_cast<std::size_t>(image.channels());
  const auto pixels = image.total();
  const bool reverse = embedded.preprocess.reverse_channels && channels == 3;
  Array array{place.shape, {}};
  array.values.reserve(static_cast<std::size_t>(place.shape[0]) * channels * pixels);
  for (std::int64_t n = 0; n < place.shape[0]; ++n)
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t i = 0; i < pixels; ++i)
        array.values.push_back(image.data[i * channels + (reverse ? channels - 1 - c : c)]);
  return array;
}

Array given_array(const Place& place, const Arrays& arrays, const std::string& path) {
  const auto found = arrays.find(place.name);
  if (found == arrays.end())
    cli::fail(code::verify_inputs, fmt::format("{}: there is no array \"{}\"", path, place.name),
              "name the arrays as the inputs of the Caffe net");
  const Shape& shape = found->second.shape;
  bool fits = shape.size() == place.shape.size();
  for (std::size_t i = 0; fits && i < shape.size(); ++i)
    fits = place.shape[i] < 0 || place.shape[i] == shape[i];
  if (!fits)
    cli::fail(code::verify_inputs,
              fmt::format("{}: the array \"{}\" is {}, the input {}", path, place.name, to_string(shape),
                          to_string(place.shape)),
              "give arrays as Caffe takes them, [N, C, H, W]");
  return found->second;
}

/// An input of the net by its layer's or its blob's name: the blob, and the shape that the prototxt declares.
std::pair<std::string, Shape> declared_input(const caffe::Net& net, const std::string& name) {
  for (const caffe::Layer& layer : net.layers)
    for (std::size_t top = 0; top < layer.tops.size() && layer.bottoms.empty(); ++top) {
      if (layer.name != name && layer.tops[top] != name) continue;
      const auto shapes = layer.parameters->all_path("input_param.shape");
      if (shapes.empty()) return {layer.tops[top], {}};
      Shape shape;
      for (const caffe::Field* dim : shapes[std::min(top, shapes.size() - 1)]->message->all("dim"))
        shape.push_back(cli::whole_number(dim->text).value_or(0));
      return {layer.tops[top], shape};
    }
  return {name, {}};
}

/// What the conversion made a constant, Caffe is fed: the values as given, or one of them everywhere.
void add_frozen(const Embedded& embedded, const caffe::Net& net, Feeds& feeds) {
  for (const passes::FrozenInput& frozen : embedded.frozen) {
    const auto [blob, shape] = declared_input(net, frozen.name);
    const auto given = static_cast<std::int64_t>(frozen.values.size());
    const std::int64_t count = shape.empty() ? given : element_count(shape);
    if (given != 1 && given != count)
      cli::fail(code::verify_inputs,
                fmt::format("the IR has {} values for \"{}\" inside, the prototxt's shape is {}", given, blob,
                            to_string(shape)),
                "compare with recorded results: --recorded FILE.npz");
    Array array{shape.empty() ? Shape{given} : shape, {}};
    for (std::int64_t i = 0; i < count; ++i)
      array.values.push_back(static_cast<float>(frozen.values[given == 1 ? 0 : static_cast<std::size_t>(i)]));
    feeds.caffe[blob] = std::move(array);
  }
}

}  // namespace

Feeds make_feeds(const std::vector<IrInput>& inputs, const caffe::Net& net, const Embedded& embedded,
                 const InputSource& source) {
  Feeds feeds;
  std::vector<Place> places;
  places.reserve(inputs.size());
  const std::vector<std::string> blobs = input_blobs(net);
  for (const IrInput& input : inputs) places.push_back(place_of(input, blobs, embedded));
  const Arrays given = source.arrays.empty() ? Arrays{} : read_arrays(source.arrays);
  std::mt19937_64 generator(source.seed);
  const bool pixels = embedded.has_mean();
  bool image_used = false;
  for (const Place& place : places) {
    const bool is_image = place.shape.size() == 4;
    std::pair<float, float> range = is_image ? std::pair(-128.0F, 127.0F) : std::pair(-1.0F, 1.0F);
    if ((is_image && pixels) || place.bytes) range = {0.0F, 255.0F};
    Array fed;
    if (!source.arrays.empty()) {
      fed = given_array(place, given, source.arrays);
    } else if (!source.image.empty() && is_image) {
      fed = image_array(place, source.image, embedded);
      image_used = true;
    } else if (place.name == "im_info") {
      fed = image_information(place, places);
    } else {
      fed = random_array(place, generator, source.range.value_or(range));
    }
    feeds.description +=
        fmt::format("{}{} {}", feeds.description.empty() ? "" : ", ", place.name, to_string(fed.shape));
    feeds.ir.push_back(place.order.empty() ? fed : transposed(fed, place.order));
    feeds.caffe[place.name] = to_net_side(fed, place.name, place.index, embedded);
    feeds.application[place.name] = std::move(fed);
  }
  if (!source.image.empty() && !image_used)
    cli::fail(code::verify_inputs, "the net has no input [N, C, H, W] that takes an image",
              "give arrays with --inputs FILE.npz");
  if (!source.arrays.empty())
    feeds.description += " from " + source.arrays;
  else if (!source.image.empty())
    feeds.description += " from " + source.image;
  else
    feeds.description += fmt::format(", random with seed {}", source.seed);
  add_frozen(embedded, net, feeds);
  return feeds;
}

}  // namespace mo::verify
