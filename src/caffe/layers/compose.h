#pragma once

#include "caffe/layer_context.h"

/// Ops that several layers are put together from.  The op whose suffix is empty carries the layer's name.
namespace mo::caffe::compose {

inline Value eltwise(LayerContext& c, const char* operation, std::vector<Value> inputs,
                     std::string_view suffix = {}) {
  return c.emit_value(op::eltwise, std::move(inputs),
                      {{"operation", std::string(operation)}, {"coeff", std::vector<float>{}}}, {}, suffix);
}

/// (scale x + shift)^power.
inline Value power(LayerContext& c, Value x, float power, float scale, float shift,
                   std::string_view suffix = {}) {
  return c.emit_value(op::power, {x}, {{"power", power}, {"scale", scale}, {"shift", shift}}, {}, suffix);
}

/// 0 among the dims copies that dimension, -1 is inferred.
inline Value reshape(LayerContext& c, Value x, std::vector<std::int64_t> dims, std::string_view suffix = {}) {
  return c.emit_value(op::reshape, {x},
                      {{"dim", std::move(dims)}, {"axis", std::int64_t{0}}, {"num_axes", std::int64_t{-1}}},
                      {}, suffix);
}

inline Value clamp(LayerContext& c, Value x, float min, float max, std::string_view suffix = {}) {
  return c.emit_value(op::clamp, {x}, {{"min", min}, {"max", max}}, {}, suffix);
}

}  // namespace mo::caffe::compose
