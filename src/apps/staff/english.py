"""English of units and posts."""

ENGLISH = {
    "Lãnh đạo cơ quan": "Leader of the agency",
    "Lãnh đạo văn phòng": "Head of the office",
    "Lãnh đạo đơn vị": "Head of a unit",
    "Chuyên viên": "Officer",
    "Văn thư cơ quan": "Clerk of the agency",
    "Văn thư đơn vị": "Clerk of a unit",
    "Thư ký lãnh đạo": "Leader's secretary",
    "Quản trị đơn vị": "Administrator of the agency",
    "Kiểm tra": "Inspector",
}
