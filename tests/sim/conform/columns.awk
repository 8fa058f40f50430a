# Holds what a program of this folder told against a column, or writes it into the column.
#
#   awk -v column=wine8 -f columns.awk *.columns OUTPUT               complains of each fact that is otherwise
#   awk -v column=wine8 -v fill=FOLDER -f columns.awk *.columns OUTPUT    writes FOLDER/NAME.columns with that column
#
# NAME.columns has each fact as a line, and below it, indented, columns, a colon and their answer. Behind two spaces and
# a # stands where the answer of the first of them comes from. A column without an answer says nothing. OUTPUT may have
# each story several times.

function complain(text) {
    if (!complaints[text]++)
        print text
    failed = 1
}

# The comment of an answer goes to `source`.
function cut(text) {
    source = ""
    if (match(text, /  # .*$/)) {
        source = substr(text, RSTART)
        text = substr(text, 1, RSTART - 1)
    }
    sub(/^ +/, "", text)
    sub(/ +$/, "", text)
    return text
}

function read_columns(    names, n, i, answer) {
    if ($0 !~ /^ /) {
        fact = $0
        if ((story, fact) in seen)
            complain(story ": told twice: " fact)
        facts[story, ++count[story]] = fact
        seen[story, fact] = 1
        return
    }
    if (!match($0, /^ +[a-z0-9 ]+:/)) {
        complain(FILENAME ": neither a fact nor an answer: " $0)
        return
    }
    n = split(substr($0, 1, RLENGTH - 1), names, " ")
    answer = cut(substr($0, RLENGTH + 1))
    for (i = 1; i <= n; i++)
        answers[story, fact, names[i]] = answer
    sources[story, fact, names[1]] = source
}

function end_story() {
    if (story != "" && !fill && told != count[story])
        complain(story ": " count[story] - told " facts were not told, from: " facts[story, told + 1])
}

function check(line,    wanted, came) {
    fact = facts[story, ++told]
    if (told > count[story] || substr(line, 1, length(fact) + 2) != fact ": ") {
        complain(story ": no such fact here: " line)
        return
    }
    came = substr(line, length(fact) + 3)
    wanted = answers[story, fact, column]
    if (wanted == "")
        return
    compared++
    if (wanted != came)
        complain(story ": " fact "\n    " column " has  " wanted "\n    came  " came)
}

# The answer begins behind the last colon that is followed by a space and not within the fact; facts that are known say
# where, others may have one colon alone.
function take(line,    i, place) {
    told++
    for (i = 1; i <= count[story]; i++)
        if (substr(line, 1, length(facts[story, i]) + 2) == facts[story, i] ": ")
            break
    place = i <= count[story] ? length(facts[story, i]) + 1 : index_of_last(line)
    fact = substr(line, 1, place - 1)
    order[story, told] = fact
    how_many[story] = told
    answers[story, fact, column] = substr(line, place + 2)
}

function index_of_last(line,    place, at) {
    while ((at = index(substr(line, place + 1), ": ")) > 0)
        place += at
    return place
}

function is_alone(column) {
    return column == "docs" || column == "winetest"
}

# Columns with one answer stand in one line, but those that have a source for each answer.
function write_fact(name, fact, file,    c, d, line, answer, done) {
    print fact > file
    for (c = 1; c <= column_count; c++) {
        answer = answers[name, fact, columns[c]]
        if (done[c] || (answer == "" && columns[c] != "windows"))
            continue
        line = "    " columns[c]
        for (d = c + 1; answer != "" && !is_alone(columns[c]) && d <= column_count; d++)
            if (!is_alone(columns[d]) && answers[name, fact, columns[d]] == answer) {
                line = line " " columns[d]
                done[d] = 1
            }
        print line ":" (answer == "" ? "" : " " answer) sources[name, fact, columns[c]] > file
    }
}

function write_columns(name,    file, i) {
    file = fill "/" name ".columns"
    printf "" > file
    for (i = 1; i <= how_many[name]; i++)
        write_fact(name, order[name, i], file)
    close(file)
}

BEGIN { column_count = split("npfs docs winetest wine8 wine10 windows", columns, " ") }

{ sub(/\r$/, "") }

FNR == 1 {
    in_columns = FILENAME ~ /\.columns$/
    story = ""
    if (in_columns) {
        story = FILENAME
        sub(/^.*\//, "", story)
        sub(/\.columns$/, "", story)
    }
}

in_columns { read_columns(); next }
/^sim: / || /^#/ { next }
/^\[.*\]$/ {
    end_story()
    story = substr($0, 2, length($0) - 2)
    stories[story] = 1
    told = 0
    next
}
story == "" { next } # of whoever ran the program
fill { take($0); next }
{ check($0) }

END {
    if (!in_columns)
        end_story()
    for (name in count)
        if (!(name in stories) && !fill)
            complain(name ": the story was not told")
    if (fill)
        for (name in stories)
            write_columns(name)
    else if (!compared)
        complain("nothing was compared")
    else if (!failed)
        print compared " answers are those of the column " column
    exit failed
}
