# The pages of --graph and --report become strings of the program.
file(GLOB page_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/report/pages/*)
add_custom_command(
  OUTPUT ${PROJECT_BINARY_DIR}/pages.cpp
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${PROJECT_SOURCE_DIR}/src/report/pages -DOUTPUT=${PROJECT_BINARY_DIR}/pages.cpp
          -P ${PROJECT_SOURCE_DIR}/cmake/embed_pages.cmake
  DEPENDS ${page_files} ${PROJECT_SOURCE_DIR}/cmake/embed_pages.cmake
  COMMENT "Embedding the pages")
target_sources(mo_core PRIVATE ${PROJECT_BINARY_DIR}/pages.cpp)
