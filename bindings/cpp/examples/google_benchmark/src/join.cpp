// Parts into texts.
#include "text.hpp"

std::string join(const std::vector<std::string_view> &parts, std::string_view separator) {
    std::string text;
    for (std::string_view part : parts) {
        if (!text.empty())
            text += separator;
        text += part;
    }
    return text;
}
