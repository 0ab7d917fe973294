#pragma once

#include <vector>

#include "caffe/message.h"

namespace mo::caffe {

/// Turns V0 connections (`layers { layer { ... } bottom top }`) into V1 layers; other `layers` stay as they
/// are. Padding layers vanish into the convolution or pooling that they feed.
void upgrade_v0_layers(Message& net);

}  // namespace mo::caffe
