package main

// What a reader was given, what it was not given, and what it was given twice or too late.
type tally struct {
	Entries  int64 `json:"entries"`
	Bytes    int64 `json:"bytes"`
	Lost     int64 `json:"lost"`
	Repeated int64 `json:"repeated"`
	next     int64
}

// add counts one entry, which is one line and begins with its number, in eight digits.
func (t *tally) add(data []byte) {
	var number int64
	for _, digit := range data[:8] {
		number = number*10 + int64(digit-'0')
	}
	if number < t.next {
		t.Repeated++
	} else {
		t.Lost += number - t.next
		t.next = number + 1
	}
	t.Entries++
	t.Bytes += int64(len(data))
}
