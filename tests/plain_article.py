"""The title and paragraphs of an article, for pages of unknown design whose text is beside the point."""

TITLE = "Bến xe Phù Sa có phòng nghỉ cho tài xế đêm"
BODY = (
    "Phòng nghỉ rộng 96 mét vuông, dựng lại từ kho hàng cũ phía sau bến, có 18 giường tầng và hai buồng tắm nước nóng.",
    "Ông Huỳnh Tấn Rớt, chạy tuyến Phù Sa - Cảng Mới mười chín năm, kể rằng trước đây ông ngủ trên võng dưới gầm xe.",
    "Kinh phí sửa chữa hết 412 triệu đồng, trong đó Liên đoàn Lao động huyện hỗ trợ 150 triệu đồng, chủ bến góp 120.",
    "Năm ngoái, đoạn đường ra vào bến xảy ra bảy vụ va chạm mà nguyên nhân là tài xế ngủ gật sau tay lái.",
)
