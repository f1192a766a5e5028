// Some work on texts, as something to be measured.
#pragma once

#include <string>
#include <string_view>
#include <vector>

std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string_view> &parts, std::string_view separator);
std::string replaced(std::string_view text, std::string_view from, std::string_view to);
