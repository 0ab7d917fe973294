# What the core converter needs; the packages' names are in scripts/install_prerequisites.sh.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(pugixml REQUIRED)
find_package(nlohmann_json REQUIRED)

# protozero is header-only and has no CMake package in Debian.
find_path(PROTOZERO_INCLUDE_DIR protozero/pbf_reader.hpp REQUIRED)
add_library(protozero INTERFACE)
target_include_directories(protozero SYSTEM INTERFACE ${PROTOZERO_INCLUDE_DIR})

# Weights in HDF5 (.caffemodel.h5): on when libhdf5 is there.
find_package(HDF5 COMPONENTS C QUIET)
option(MO_HDF5 "Read .caffemodel.h5 through libhdf5" ${HDF5_FOUND})
if(MO_HDF5)
  find_package(HDF5 REQUIRED COMPONENTS C)
  add_library(hdf5_c INTERFACE)
  target_include_directories(hdf5_c SYSTEM INTERFACE ${HDF5_INCLUDE_DIRS})
  target_link_libraries(hdf5_c INTERFACE ${HDF5_C_LIBRARIES})
endif()
