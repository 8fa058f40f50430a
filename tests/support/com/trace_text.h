/* trace_text.h: traces for tests: a path that nobody else uses, and what stands in a file. */

#ifndef SUPPORT_COM_TRACE_TEXT_H
#define SUPPORT_COM_TRACE_TEXT_H

#include <string>
#include <vector>

/* A path in the folder of temporary files; the file is deleted when it goes out of scope. */
class trace_path
{
  public:
    trace_path();
    trace_path(const trace_path &) = delete;
    ~trace_path();

    std::wstring path;

    /* What the file holds; "(none)" where there is none. */
    std::string content() const;
    /* Its lines without the first, which names the columns. */
    std::vector<std::string> lines() const;
    /* The columns of each line from `what` on that are not empty, with blanks between them: "received 5 \"hello\"". */
    std::vector<std::string> events() const;
    /* How many lines have this `what`. */
    size_t count(const std::string &what) const;

    void write(const std::string &content) const;
};

#endif
